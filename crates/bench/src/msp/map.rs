//! The data map of the made-up provider, as somebody would have written it who knows it.

/// `systems/msp.yaml`. A reference leads from the contact to what is theirs; no way leads back, for a ticket brings nobody
/// else.
pub(super) const MAP: &str = r#"system:
  title: Provider
  purposes: [essential.service]
dataset:
  - fides_key: msp
    data_categories: [system.operations]
    collections:
      - name: contacts
        upheld: { title: Contacts }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email }, upheld: { erase: pseudonym } }
          - { name: first_name, data_categories: [user.name.first], upheld: { free_text: no, erase: "null" } }
          - { name: last_name, data_categories: [user.name.last], upheld: { free_text: no, erase: "null" } }
          - { name: phone, data_categories: [user.contact.phone_number], upheld: { free_text: no, erase: "null" } }
          - { name: job_title, data_categories: [user.job_title], upheld: { free_text: no, erase: "null" } }
          - { name: remark, data_categories: [user.content], upheld: { free_text: yes, erase: "null" } }
          - { name: created }
      - name: tickets
        upheld: { title: Tickets }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: contact_id, upheld: { references: [{ to: contacts.id, follow: here }] } }
          - { name: subject, data_categories: [user.content], upheld: { free_text: yes, erase: { text: "[erased]" } } }
          - { name: description, data_categories: [user.content], upheld: { free_text: yes, erase: { text: "[erased]" } } }
          - { name: status }
          - { name: priority }
          - { name: opened }
          - { name: closed }
      - name: ticket_notes
        upheld: { title: Notes on tickets }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: ticket_id, upheld: { references: [{ to: tickets.id, follow: here }] } }
          - { name: body, data_categories: [user.content], upheld: { free_text: yes, erase: { text: "[erased]" } } }
          - { name: internal }
          - { name: written }
      - name: invoices
        upheld: { title: Invoices, erase: { nothing: the law on books keeps them } }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: contact_id, upheld: { references: [{ to: contacts.id, follow: here }] } }
          - { name: number }
          - { name: bill_to_name, data_categories: [user.name], upheld: { free_text: no } }
          - { name: bill_to_email, data_categories: [user.contact.email], upheld: { free_text: no } }
          - { name: bill_to_address, data_categories: [user.contact.address], upheld: { free_text: no } }
          - { name: cents }
          - { name: issued }
      - name: payments
        upheld: { title: Payments, erase: { nothing: the law on books keeps them } }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: invoice_id, upheld: { references: [{ to: invoices.id, follow: here }] } }
          - { name: method }
          - { name: iban, data_categories: [user.financial.bank_account], upheld: { free_text: no } }
          - { name: card_ending, data_categories: [user.financial.bank_account], upheld: { free_text: no } }
          - { name: payer, data_categories: [user.name], upheld: { free_text: no } }
          - { name: cents }
          - { name: paid }
      - name: devices
        upheld: { title: Devices }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: contact_id, upheld: { references: [{ to: contacts.id, follow: here }] } }
          - { name: host_name, data_categories: [user.device], upheld: { free_text: no, erase: { text: "[erased]" } } }
          - { name: serial_number, data_categories: [user.device.device_id], upheld: { free_text: no, erase: "null" } }
          - { name: mac_address, data_categories: [user.device.device_id], upheld: { free_text: no, erase: "null" } }
          - { name: last_ip, data_categories: [user.device.ip_address], upheld: { erase: "null" } }
          - { name: last_user, data_categories: [user.account.username], upheld: { free_text: no, erase: "null" } }
          - { name: last_seen }
      - name: newsletter_subscribers
        upheld: { title: Newsletter, erase: delete }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
          - { name: name, data_categories: [user.name], upheld: { free_text: no } }
          - { name: source }
          - { name: consented }
          - { name: unsubscribed }
      - name: login_audit
        upheld: { title: Sign-ins, erase: delete }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: contact_id, upheld: { references: [{ to: contacts.id, follow: here }] } }
          - { name: ip, data_categories: [user.device.ip_address] }
          - { name: user_agent, data_categories: [user.device], upheld: { free_text: no } }
          - { name: succeeded }
          - { name: at }
      - name: clients
        upheld: { title: Clients, skip: companies and nobody's data }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
      - name: staff
        upheld: { title: Technicians, skip: our own people; asked for elsewhere }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
"#;
