#!/bin/sh
# Calls every operation of the API with calls made from its own document, good ones and bad ones, once
# with a token and once as the owner at the console, and wants no answer of 5xx, none that the document
# does not name, and none that is shaped otherwise.
#
#     python3 -m venv VENV && VENV/bin/pip install schemathesis
#     cargo build && SCHEMATHESIS=VENV/bin/schemathesis scripts/api-fuzz.sh target/debug/upheld 100
#
# The last figure is the number of calls for each operation. It needs the network once, for the package.
set -eu

upheld=$(realpath "${1:-target/debug/upheld}")
calls=${2:-50}
schemathesis=$(realpath "$(command -v "${SCHEMATHESIS:-schemathesis}")")
folder=$(mktemp -d)
server=
# What schemathesis remembers lies there, too.
cd "$folder"
trap 'test -z "$server" || kill "$server" 2>/dev/null || true; cd / && rm -rf "$folder"' EXIT INT TERM

"$upheld" init "$folder/msp" --pack msp-canada >/dev/null
cat >"$folder/msp/upheld.toml" <<'SETTINGS'
anchors = []
[api]
per_minute = 10000000
public_per_minute = 10000000
SETTINGS
printf 'clients:\n- { key: acme, name: Acme Dental }\n' >"$folder/msp/clients.yaml"
"$upheld" --json serve -C "$folder/msp" --listen 127.0.0.1:0 >"$folder/said" 2>"$folder/journal" &
server=$!

# Comes in as the first owner, with a password and an app, makes a token, and something for ids to name.
python3 - "$folder" <<'PYTHON'
import base64, hashlib, hmac, html, http.cookiejar, json, pathlib, re, struct, sys, time
import urllib.parse, urllib.request

folder = pathlib.Path(sys.argv[1])
for _ in range(100):
    said = (folder / "said").read_text()
    if said.endswith("\n"):
        break
    time.sleep(0.1)
said = json.loads(said.splitlines()[0])
base = said["url"]
jar = http.cookiejar.CookieJar()
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def form(path, values):
    return browser.open(base + path, urllib.parse.urlencode(values).encode()).read().decode()


def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"content-type": "application/json"})
    answer = browser.open(request).read()
    return json.loads(answer) if answer else None


page = browser.open(said["set_up"]).read().decode()
find = lambda pattern: html.unescape(re.search(pattern, page).group(1))
key = base64.b32decode(find(r'<code class="mono">([^<]*)</code>').replace(" ", ""))
mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
at = mac[-1] & 15
code = (struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFFFFFF) % 10**6
form("/come-in/set-up", {
    "link": said["set_up"].rsplit("/", 1)[1], "ceremony": find(r'name="ceremony" value="([^"]*)"'),
    "name": "Ann", "email": "ann@acme.example", "password": "pelican violin granite", "code": f"{code:06}",
})
document = call("/api/v1/openapi.json")
told = [op.get("description", "") for path in document["paths"].values() for op in path.values()]
scopes = {text.split("`")[1] for text in told if text.startswith("Scope") and "no token" not in text}
token = call("/api/v1/tokens", {"name": "fuzz", "scopes": sorted(scopes), "days": 1})["secret"]
for kind in ["access", "erasure", "complaint"]:
    call("/api/v1/requests", {"channel": "phone", "request": {"kind": kind, "name": "Jane Doe"}})
call("/api/v1/versions", {"version": "9", "form": "plain", "text": "We sell nothing."})
call("/api/v1/webhooks", {"url": "https://hooks.acme.example/"})
cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
(folder / "url").write_text(base)
(folder / "token").write_text(f"Authorization: Bearer {token}")
(folder / "cookie").write_text(f"Cookie: {cookies}")
PYTHON

# What cannot be done as things stand is answered with 409, 412 or 422, and what only a person may with 401
# or 403: good data alone is not enough.
cat >"$folder/schemathesis.toml" <<'CONFIG'
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "412", "422", "429"]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "421", "422", "429"]
CONFIG
failed=0
# The document knows tokens alone: beside a session every call is a good one without.
except=
for who in token cookie; do
    echo "== with a $who"
    "$schemathesis" --config-file "$folder/schemathesis.toml" run "$(cat "$folder/url")/api/v1/openapi.json" \
        --header "$(cat "$folder/$who")" --checks all ${except:+--exclude-checks "$except"} \
        --max-examples "$calls" --request-timeout 30 --continue-on-failure \
        --report-junit-path "$folder/$who.xml" --report junit --no-color || failed=1
    if kill -0 "$server"; then :; else echo "the server has ended"; failed=1; fi
    except=ignored_auth,missing_required_header,negative_data_rejection
done
exit $failed
