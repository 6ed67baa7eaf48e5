//! Schemas in the manner of applications that people run, with the answers.

pub(super) const ALL: &[(&str, &str)] =
    &[("blog", BLOG), ("helpdesk", HELPDESK), ("msp", MSP), ("kartei", KARTEI)];

/// A publishing system: one prefix for all tables, capitals in keys, no declared reference.
const BLOG: &str = "
wp_users: ID int pk | user_login text60! :login =user.account.username @user_name | user_pass text255! :hash =user.authorization.password
    | user_nicename text50! :login =user.account.username | user_email text100! :email =user.contact.email @email
    | user_url text100! =user.contact.url | user_registered timestamp! | user_activation_key text255! =user.authorization.credentials
    | user_status int! | display_name text250! :name =user.name
wp_usermeta: umeta_id int pk | user_id int! :ref wp_users -> wp_users.ID own | meta_key text255 :enum nickname/locale | meta_value text :word =user.content ~
wp_posts: ID int pk | post_author int! :ref wp_users -> wp_users.ID authored | post_date timestamp! | post_content text! :sentence =user.content ~
    | post_title text! :sentence =user.content ~ | post_excerpt text! =user.content ~ | post_status text20! :enum publish/draft
    | post_name text200! :word | post_parent int! :maybe -> wp_posts.ID shared | post_type text20! :enum post/page
    | post_mime_type text100! | comment_count int!
wp_postmeta: meta_id int pk | post_id int! :ref wp_posts -> wp_posts.ID authored | meta_key text255 :enum a/b | meta_value text :word =user.content ~
wp_comments: comment_ID int pk | comment_post_ID int! :ref wp_posts -> wp_posts.ID shared | comment_author text :name =user.name
    | comment_author_email text100! :email =user.contact.email @email -> wp_users.user_email own | comment_author_url text200! =user.contact.url
    | comment_author_IP text100! :ip =user.device.ip_address | comment_date timestamp! | comment_content text! :sentence =user.content ~
    | comment_approved text20! :enum 1/0 | comment_agent text255! :agent =user.device | comment_type text20! :enum comment/pingback
    | comment_parent int! :maybe -> wp_comments.comment_ID shared | user_id int! :ref wp_users -> wp_users.ID authored
wp_commentmeta: meta_id int pk | comment_id int! :ref wp_comments -> wp_comments.comment_ID authored | meta_key text255 :enum a/b | meta_value text :word =user.content ~
wp_terms: term_id int pk | name text200! :word | slug text200! :word
wp_term_taxonomy: term_taxonomy_id int pk | term_id int! :ref wp_terms -x wp_terms.term_id | taxonomy text32! :enum category/tag | description text! ~ | count int!
wp_options: option_id int pk | option_name text191! :word | option_value text! :word =user.content ~
";

/// A help desk in the manner of a web framework: plural tables, `id`, polymorphic comments.
const HELPDESK: &str = "
schema_migrations: version text255! pk :word
organizations: id int pk | name text! :company | website text | created_at timestamp
users: id int pk | organization_id int :ref organizations -> organizations.id shared there | email text! unique :email =user.contact.email @email
    | encrypted_password text! :hash =user.authorization.password | reset_password_token text =user.authorization.credentials
    | first_name text :given =user.name.first | last_name text :family =user.name.last | mobile text :phone =user.contact.phone_number @phone
    | last_sign_in_ip text :ip =user.device.ip_address | locale text5 :enum en/de =user.demographic.language | time_zone text =user.location.imprecise
    | manager_id int :ref users -x users.id | deleted_at timestamp | created_at timestamp
tickets: id int pk | requester_id int! :ref users -> users.id shared | assignee_id int :ref users -> users.id shared | queue_id int :ref queues -x queues.id
    | subject text! :sentence =user.content ~ | description text :sentence =user.content ~ | state text :enum open/closed | created_by int :ref users -> users.id shared
    | parent_id int :maybe -> tickets.id shared | created_at timestamp
queues: id int pk | name text! :word | email text :email
watchers: id int pk | ticket_id int! :ref tickets -> tickets.id shared both | user_id int! :ref users -> users.id own | created_at timestamp
comments: id int pk | commentable_type text! :enum Ticket/User | commentable_id int! :ref tickets | author_id int! :ref users -> users.id authored | body text! :sentence =user.content ~
    ; expect commentable_id ?commentable_type=Ticket -> tickets.id shared
attachments: id int pk | comment_id int! :ref comments -> comments.id authored | filename text! :word =user.content ~ | content_type text :enum a/b | byte_size int
sessions: id int pk | user_id int! :ref users -> users.id own | ip_address text :ip =user.device.ip_address | user_agent text :agent =user.device | token text! :hash =user.authorization.credentials
audit_logs: id int pk | user_id int :ref users -> users.id authored | action text :enum login/edit | payload json :json =user.content ~ | created_at timestamp
addresses: id int pk | user_id int! :ref users -> users.id own | street text :street =user.contact.address.street | zip text10 :word =user.contact.address.postal_code
    | city text :city =user.contact.address.city | country text2 :enum DE/NL =user.contact.address.country
roles: id int pk | name text! :word
users_roles: user_id int pk :ref users -> users.id own | role_id int pk :ref roles -x roles.id
products: id int pk | name text! :company | description text :sentence ~ | price number
";

/// A platform for service providers: every column begins with its table, keys included.
const MSP: &str = "
clients: client_id int pk | client_name text200! :company | client_website text200 | client_type text200 :enum a/b | client_notes text ~ | client_archived_at timestamp
contacts: contact_id int pk | contact_name text200! :name =user.name | contact_title text200 :word =user.job_title | contact_email text200 :email =user.contact.email @email
    | contact_phone text200 :phone =user.contact.phone_number @phone | contact_mobile text200 :phone =user.contact.phone_number @phone
    | contact_photo text200 =user.content.self_image | contact_notes text :sentence =user.content ~ | contact_pin text255 :null =user.authorization.credentials
    | contact_client_id int! :ref clients -> clients.client_id shared there | contact_archived_at timestamp
users: user_id int pk | user_name text200! :name =user.account.username @user_name | user_email text200! :email =user.contact.email @email | user_password text200! :hash =user.authorization.password
    | user_avatar text200 =user.content.self_image | user_token text200 =user.authorization.credentials
locations: location_id int pk | location_name text200! :word | location_address text200 :street | location_zip text200 :word | location_client_id int! :ref clients -x clients.client_id
tickets: ticket_id int pk | ticket_subject text500! :sentence =user.content ~ | ticket_details text! :sentence =user.content ~ | ticket_status text200! :enum open/closed
    | ticket_created_by int! :ref users -> users.user_id shared | ticket_assigned_to int! :ref users -> users.user_id shared
    | ticket_contact_id int! :ref contacts -> contacts.contact_id shared | ticket_client_id int! :ref clients -x clients.client_id | ticket_closed_at timestamp
ticket_replies: ticket_reply_id int pk | ticket_reply text! :sentence =user.content ~ | ticket_reply_type text10! :enum Client/Internal
    | ticket_reply_by int! :ref users -> users.user_id authored | ticket_reply_ticket_id int! :ref tickets -> tickets.ticket_id shared
ticket_watchers: watcher_id int pk | watcher_name text255 :name =user.name | watcher_email text255! :email =user.contact.email @email -> contacts.contact_email own -> users.user_email own | watcher_ticket_id int! :ref tickets -> tickets.ticket_id shared
logins: login_id int pk | login_name text200! :word | login_username text500 :login =user.account.username | login_password text500 :hash =user.authorization.password
    | login_contact_id int :ref contacts -> contacts.contact_id authored | login_client_id int! :ref clients -x clients.client_id
invoices: invoice_id int pk | invoice_number int! | invoice_amount number! | invoice_note text =user.content ~ | invoice_client_id int! :ref clients -x clients.client_id
assets: asset_id int pk | asset_name text200! :word | asset_serial text200 :hash =user.device.device_id | asset_ip text200 :ip =user.device.ip_address
    | asset_mac text200 =user.device.device_id | asset_notes text =user.content ~ | asset_contact_id int! :ref contacts -> contacts.contact_id shared
    | asset_client_id int! :ref clients -x clients.client_id
";

/// A customer register in German.
const KARTEI: &str = "
kunden: kunden_nr int pk | vorname text50 :given =user.name.first | nachname text50! :family =user.name.last | strasse text80 :street =user.contact.address.street
    | plz text5 :word =user.contact.address.postal_code | ort text60 :city =user.contact.address.city | telefon text30 :phone =user.contact.phone_number @phone
    | handy text30 :phone =user.contact.phone_number @phone | emailadresse text100 :email =user.contact.email @email | geburtsdatum date =user.demographic.date_of_birth
    | anrede text10 :enum Frau/Herr =user.demographic.gender | iban text34 =user.financial.bank_account | bemerkung text :sentence =user.content ~ | aktiv bool
rechnungen: rechnung_id int pk | kunden_nr int! :ref kunden -> kunden.kunden_nr shared | betrag number | datum date
notizen: notiz_id int pk | kunden_nr int! :ref kunden -> kunden.kunden_nr authored | nachricht text! :sentence =user.content ~
";
