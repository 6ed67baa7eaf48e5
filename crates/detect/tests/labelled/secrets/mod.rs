//! Configuration, source code, tickets, shell histories and logs in many styles, with and without
//! secrets, and with everything that looks like one: hashes, placeholders, references, identifiers,
//! public keys. Made from a seed; no value was ever in use.

mod forms;
mod values;

use crate::corpus::{Dice, Document, Writer};
use forms::FORMS;
use values::*;

/// The key under which a secret of any line is labelled.
pub(crate) const SECRET: &str = "credential";

/// A file of settings in one of the forms.
fn settings(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    let form = &FORMS[dice.roll(FORMS.len())];
    let style = form.style.unwrap_or_else(|| Style::any(dice));
    out.put(form.top);
    for _ in 0..6 + dice.roll(10) {
        match dice.roll(10) {
            0 | 1 => {
                let name = secret_name(dice, style);
                let value = any_key(dice);
                out.put(form.before).put(&name).put(form.between).mark(SECRET, &value);
            }
            2 => {
                let name = secret_name(dice, style);
                let value = placeholder(dice);
                out.put(form.before).put(&name).put(form.between).put(&value);
            }
            3 | 4 => {
                let (name, value) = harmless(dice, style);
                out.put(form.before).put(&name).put(form.between).put(&value);
            }
            _ => {
                let (name, value) = setting(dice, style);
                out.put(form.before).put(&name).put(form.between).put(&value);
            }
        }
        out.put(form.behind).put("\n");
    }
    out.put(form.end);
    out.done()
}

/// Source code that handles secrets without holding one, with a rare one that does.
fn source(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    for _ in 0..8 + dice.roll(8) {
        let service = dice.of(SERVICES);
        match dice.roll(24) {
            0 => out.put("password = os.environ[\"DB_PASSWORD\"]\n"),
            1 => out.put("token = request.headers.get('Authorization')\n"),
            2 => out.put("if (password.length < 8) throw new Error('password too short');\n"),
            3 => out.put("api_key: str = Field(..., description=\"key of the caller\")\n"),
            4 => out.put("let secret = std::env::var(\"APP_SECRET\")?;\n"),
            5 => out.put("def set_password(self, password: str) -> None:\n"),
            6 => out.put("self.password = hash_password(password, salt)\n"),
            7 => out.put("const token = await getToken(user.id);\n"),
            8 => out.put("    password_field = 'password'\n"),
            9 => out.put("$password = $_POST['password'];\n"),
            10 => out.put("String token = tokenService.issue(subject, Duration.ofMinutes(5));\n"),
            11 => out.put(&format!("assert digest(b'abc') == '{}'\n", dice.chars(64, HEX))),
            12 => out.put(&format!("VECTORS = [bytes.fromhex('{}')]\n", dice.chars(32, HEX))),
            13 => out.put("secret: { secretKeyRef: { name: db, key: password } }\n"),
            14 => out.put(&format!("// see {}{} in the log\n", service, dice.chars(40, HEX))),
            15 => out.put("logger.info('password of %s was changed', user.name)\n"),
            16 => out.put(&format!("id = uuid.UUID('{}')\n", uuid(dice))),
            17 => out.put("private_key = load_pem(open(settings.key_file).read())\n"),
            18 => {
                let value = password(dice);
                out.put(&format!(
                    "conn = connect(host='{}', user='{}', password='",
                    dice.of(HOSTS),
                    dice.of(USERS)
                ))
                .mark(SECRET, &value)
                .put("')\n")
            }
            19 => {
                let value = provider_key(dice);
                out.put(&format!("client = {service}.Client(\"")).mark(SECRET, &value).put("\")\n")
            }
            20 => {
                let value = any_key(dice);
                out.put("headers = {'Authorization': 'Bearer ").mark(SECRET, &value).put("'}\n")
            }
            21 => {
                let value = password(dice);
                out.put("if password == \"").mark(SECRET, &value).put("\":\n")
            }
            22 => out.put(&format!("return sign(payload, key=settings.{service}_key)\n")),
            _ => out.put(&format!(
                "    {service}.run(retries={}, timeout={})\n",
                dice.roll(9),
                dice.roll(90)
            )),
        };
    }
    out.done()
}

/// Connection strings, in the forms of drivers.
fn connections(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    for _ in 0..3 + dice.roll(4) {
        let (host, user) = (dice.of(HOSTS), dice.of(USERS));
        let value = chars(dice, 9, 10, ALNUM);
        match dice.roll(10) {
            0 => out
                .put(&format!("DATABASE_URL=postgres://{user}:"))
                .mark(SECRET, &value)
                .put(&format!("@{host}:5432/app\n")),
            1 => out
                .put(&format!("broker: amqp://{user}:"))
                .mark(SECRET, &value)
                .put(&format!("@{host}:5672/%2f\n")),
            2 => out
                .put("url = \"redis://:")
                .mark(SECRET, &value)
                .put(&format!("@{host}:6379/0\"\n")),
            3 => out
                .put(&format!("Server={host};Database=app;User Id={user};Password="))
                .mark(SECRET, &value)
                .put(";Encrypt=true\n"),
            4 => out
                .put("DefaultEndpointsProtocol=https;AccountName=acmestore;AccountKey=")
                .mark(SECRET, &base64(dice, 64))
                .put(";EndpointSuffix=core.windows.net\n"),
            5 => out
                .put(&format!("mongodb+srv://{user}:"))
                .mark(SECRET, &value)
                .put(&format!("@{host}/app?retryWrites=true\n")),
            6 => out
                .put(&format!("jdbc:mysql://{host}:3306/app?user={user}&password="))
                .mark(SECRET, &value)
                .put("&useSSL=true\n"),
            7 => out.put(&format!("DATABASE_URL=postgres://{user}:${{PGPASSWORD}}@{host}/app\n")),
            8 => out.put(&format!("postgres://{host}:5432/app?sslmode=require\n")),
            _ => out.put(&format!("{host}:5432:*:{user}:")).mark(SECRET, &value).put("\n"),
        };
    }
    out.done()
}

/// What somebody typed into a shell.
fn history(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    for _ in 0..10 + dice.roll(10) {
        let (host, user) = (dice.of(HOSTS), dice.of(USERS));
        match dice.roll(26) {
            0 => {
                let value = any_key(dice);
                out.put("curl -H 'Authorization: Bearer ")
                    .mark(SECRET, &value)
                    .put(&format!("' https://{host}/v1/items\n"))
            }
            1 => {
                let value = password(dice);
                out.put(&format!("curl -u {user}:"))
                    .mark(SECRET, &value)
                    .put(&format!(" https://{host}/export\n"))
            }
            2 => {
                let value = dice.chars(10, ALNUM);
                out.put(&format!("mysql -h {host} -u {user} -p")).mark(SECRET, &value).put(" app\n")
            }
            3 => {
                let value = password(dice);
                out.put("PGPASSWORD=")
                    .mark(SECRET, &value)
                    .put(&format!(" psql -h {host} -U {user} app\n"))
            }
            4 => {
                let value = password(dice);
                out.put("sshpass -p '").mark(SECRET, &value).put(&format!("' ssh {user}@{host}\n"))
            }
            5 => {
                let value = provider_key(dice);
                out.put("export API_TOKEN=").mark(SECRET, &value).put("\n")
            }
            6 => {
                let value = dice.chars(20, ALNUM);
                out.put(&format!("git clone https://{user}:"))
                    .mark(SECRET, &value)
                    .put("@git.acme.example/x.git\n")
            }
            7 => {
                let value = password(dice);
                out.put(&format!("docker login -u {user} --password "))
                    .mark(SECRET, &value)
                    .put(" registry.acme.example\n")
            }
            8 => {
                let value = password(dice);
                out.put(&format!("net user {user} ")).mark(SECRET, &value).put(" /add\n")
            }
            9 => out.put(&format!("git show {}\n", dice.chars(40, HEX))),
            10 => out.put("docker login --password-stdin registry.acme.example\n"),
            11 => {
                out.put(&format!("git commit -m \"rotate the token of {}\"\n", dice.of(SERVICES)))
            }
            12 => out.put("kubectl get secret db -o yaml\n"),
            13 => out.put(&format!("sha256sum -c {}.sha256\n", dice.of(SERVICES))),
            14 => out.put(&format!("docker run --rm alpine@sha256:{}\n", dice.chars(64, HEX))),
            15 => out.put(&format!("ssh -i ~/.ssh/id_ed25519 {user}@{host}\n")),
            16 => out.put("export PGPASSWORD=$(pass show db/main)\n"),
            17 => out.put(&format!("passwd {user}\n")),
            18 => out.put(&format!("tail -f /var/log/{}.log | grep token\n", dice.of(SERVICES))),
            19 => out.put(&format!("mysql -h {host} -u {user} -p app\n")),
            20 => out.put("curl -H \"Authorization: Bearer $TOKEN\" https://api.acme.example/v1\n"),
            _ => out.put(&format!("cd /srv/{} && ls -la\n", dice.of(SERVICES))),
        };
    }
    out.done()
}

/// Lines of a log.
fn log(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    for _ in 0..14 + dice.roll(14) {
        out.put(&format!(
            "2026-11-{:02}T{:02}:{:02}:{:02}.{}Z ",
            1 + dice.roll(29),
            dice.roll(24),
            dice.roll(60),
            dice.roll(60),
            dice.digits(3)
        ));
        let service = dice.of(SERVICES);
        match dice.roll(20) {
            0 => {
                let value = any_key(dice);
                out.put(&format!("DEBUG {service} GET /callback?state=x&access_token="))
                    .mark(SECRET, &value)
                    .put(" 302\n")
            }
            1 => {
                let value = password(dice);
                out.put("ERROR cannot log in, body={\"user\":\"ana\",\"password\":\"")
                    .mark(SECRET, &value)
                    .put("\"}\n")
            }
            2 => {
                let value = jwt(dice);
                out.put("TRACE header authorization: Bearer ").mark(SECRET, &value).put("\n")
            }
            3 => out.put("INFO password was changed by the user\n"),
            4 => out.put("WARN token is expired, asking for another\n"),
            5 => out.put(&format!(
                "INFO {service} request_id={} took {} ms\n",
                uuid(dice),
                dice.digits(3)
            )),
            6 => out.put(&format!("INFO deployed commit {} of {service}\n", dice.chars(40, HEX))),
            7 => out.put(&format!("DEBUG pulled sha256:{}\n", dice.chars(64, HEX))),
            8 => out.put("INFO login body={\"user\":\"ana\",\"password\":\"[filtered]\"}\n"),
            9 => out.put(&format!(
                "INFO accepted publickey for deploy from 10.2.0.7: ED25519 SHA256:{}\n",
                dice.chars(43, BASE64)
            )),
            10 => out.put(&format!(
                "DEBUG trace_id={} span_id={}\n",
                dice.chars(32, HEX),
                dice.chars(16, HEX)
            )),
            11 => out.put(&format!("INFO etag \"{}\" matched\n", dice.chars(32, HEX))),
            12 => out.put("ERROR authentication failed: password=****** for user svc_backup\n"),
            13 => out.put(&format!("INFO key rotation of kms key {} planned\n", uuid(dice))),
            _ => out.put(&format!(
                "INFO {service} worker {} finished {} jobs\n",
                dice.roll(20),
                dice.digits(4)
            )),
        };
    }
    out.done()
}

/// What people write to each other.
fn ticket(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    out.put("Hi team,\n\n");
    for _ in 0..2 + dice.roll(4) {
        let user = dice.of(USERS);
        match dice.roll(14) {
            0 => {
                let value = password(dice);
                out.put(&format!("the new password for {user} is "))
                    .mark(SECRET, &value)
                    .put(" - please change it after the first login.\n")
            }
            1 => {
                let value = password(dice);
                out.put("Wi-Fi of the guests: password ").mark(SECRET, &value).put("\n")
            }
            2 => {
                let value = password(dice);
                out.put(&format!("You can sign in as {user} / pw: ")).mark(SECRET, &value).put("\n")
            }
            3 => {
                let value = provider_key(dice);
                out.put("here is the key for the integration: ")
                    .mark(SECRET, &value)
                    .put(", it has all rights.\n")
            }
            4 => {
                let value = password(dice);
                out.put(&format!("user: {user}\npass: ")).mark(SECRET, &value).put("\n")
            }
            5 => out.put("I forgot my password again, can you send me a link?\n"),
            6 => out.put("Please reset the password of the account and tell nobody.\n"),
            7 => out.put("The password must have at least twelve characters and a sign.\n"),
            8 => out.put(&format!("The token expired, reference {}.\n", uuid(dice))),
            9 => out.put("the password is the same as before, ask Ana for it.\n"),
            10 => out.put(&format!("It broke with commit {}.\n", dice.chars(40, HEX))),
            11 => out.put("My key does not open the door of the server room.\n"),
            12 => out.put("Passwords: see the safe. Do not write them here.\n"),
            _ => out.put("The printer on the second floor has no paper.\n"),
        };
    }
    out.put("\nRegards\n");
    out.done()
}

/// Files that hold what their format says: credentials of tools, keys, and those that only look so.
fn tool_file(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    match dice.roll(14) {
        0 => {
            out.put("[default]\naws_access_key_id = ").mark(
                SECRET,
                &format!("AKIA{}", dice.chars(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
            );
            out.put("\naws_secret_access_key = ")
                .mark(SECRET, &dice.chars(40, BASE64))
                .put("\nregion = eu-central-1\n");
        }
        1 => {
            out.put("registry=https://npm.acme.example/\n//npm.acme.example/:_authToken=");
            out.mark(SECRET, &format!("npm_{}", dice.chars(36, ALNUM))).put("\nalways-auth=true\n");
        }
        2 => {
            out.put("machine git.acme.example\n  login deploy\n  password ")
                .mark(SECRET, &password(dice))
                .put("\n");
        }
        3 => {
            let kind = dice.of(&["RSA ", "EC ", "OPENSSH ", ""]);
            let mut body = format!("-----BEGIN {kind}PRIVATE KEY-----\n");
            for _ in 0..8 + dice.roll(8) {
                body.push_str(&dice.chars(64, BASE64));
                body.push('\n');
            }
            body.push_str(&format!("-----END {kind}PRIVATE KEY-----"));
            out.mark(SECRET, &body).put("\n");
        }
        4 => {
            out.put("-----BEGIN CERTIFICATE-----\n");
            for _ in 0..14 {
                out.put(&dice.chars(64, BASE64)).put("\n");
            }
            out.put("-----END CERTIFICATE-----\n");
        }
        5 => {
            out.put(&format!(
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{} ana@laptop\n",
                dice.chars(43, BASE64)
            ));
            out.put(&format!(
                "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{} deploy@ci\n",
                dice.chars(338, BASE64)
            ));
        }
        6 => {
            out.put("{\n  \"lockfileVersion\": 3,\n  \"packages\": {\n");
            for _ in 0..6 {
                let name = dice.of(WORDS);
                out.put(&format!(
                    "    \"node_modules/{name}\": {{\n      \"version\": \"{}.{}.0\",\n      \"integrity\": \"sha512-{}\"\n    }},\n",
                    dice.roll(9),
                    dice.roll(30),
                    base64(dice, 64)
                ));
            }
            out.put("  }\n}\n");
        }
        7 => {
            for _ in 0..8 {
                out.put(&format!(
                    "{}=={}.{} \\\n    --hash=sha256:{}\n",
                    dice.of(WORDS),
                    dice.roll(9),
                    dice.roll(30),
                    dice.chars(64, HEX)
                ));
            }
        }
        8 => {
            for _ in 0..8 {
                out.put(&format!(
                    "github.com/acme/{} v{}.{}.0 h1:{}=\n",
                    dice.of(WORDS),
                    dice.roll(9),
                    dice.roll(30),
                    dice.chars(43, BASE64)
                ));
            }
        }
        9 => {
            out.put(".logo { background: url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA");
            out.put(&dice.chars(900, BASE64)).put("); }\n.token { color: red; }\n");
        }
        10 => {
            out.put("!function(e,t){var n=e.key,r=t.token||n;");
            for _ in 0..60 {
                out.put(&format!(
                    "function {}(e){{return e.{}[\"{}\"]}}",
                    dice.chars(2, LOWER),
                    dice.of(WORDS),
                    dice.chars(6, ALNUM)
                ));
            }
            out.put("}(window,document);\n");
        }
        11 => {
            out.put("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  password: ");
            out.mark(SECRET, &base64(dice, 15))
                .put("\n  token: ")
                .mark(SECRET, &base64(dice, 30))
                .put("\n");
        }
        12 => {
            out.put("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - env:\n        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: db\n              key: password\n");
        }
        _ => {
            for _ in 0..6 {
                out.put(&format!(
                    "{} {}\n",
                    dice.chars(40, HEX),
                    dice.of(&["refs/heads/main", "refs/tags/v2", "refs/heads/token-fix"])
                ));
            }
            out.put(&format!("{}  backup.tar.zst\n", dice.chars(64, HEX)));
        }
    }
    out.done()
}

/// So many documents of this seed.
pub(crate) fn documents(seed: u64, count: usize) -> Vec<Document> {
    let mut dice = Dice::new(seed);
    (0..count)
        .map(|_| match dice.roll(20) {
            0..=6 => settings(&mut dice),
            7..=9 => source(&mut dice),
            10 | 11 => connections(&mut dice),
            12 | 13 => history(&mut dice),
            14 | 15 => log(&mut dice),
            16 | 17 => ticket(&mut dice),
            _ => tool_file(&mut dice),
        })
        .collect()
}
