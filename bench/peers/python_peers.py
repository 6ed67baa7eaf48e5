"""Runs one Python peer over a file of labelled texts: `python_peers.py NAME FILE`.

Each line of what it prints is {"id", "spans": [[start, end, TYPE, score]]} with offsets in characters; the last is
{"seconds": S}, processor time of finding alone. Which of a peer's types is which of the corpora's is decided
here, in its favour, and it is asked as its own documents say.
"""

import contextlib
import json
import os
import sys
import tempfile
import time

OPEN = contextlib.ExitStack()


def presidio():
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from spacy.language import Language

    @Language.component("lower_lemmas")
    def lower_lemmas(doc):
        for token in doc:
            token.lemma_ = token.text.lower()
        return doc

    # The models of spaCy lie outside the package registry. Without one there are words, and their small form in
    # place of the lemma, which is what presidio looks for context with; there are no names and places.
    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            blank = spacy.blank("en")
            blank.add_pipe("lower_lemmas")
            self.nlp = {"en": blank}

    names = {"EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "IP_ADDRESS": "IP", "CREDIT_CARD": "CARD",
             "IBAN_CODE": "IBAN", "US_SSN": "SSN", "US_ITIN": "SSN"}
    engine = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])

    def find(text):
        for one in engine.analyze(text=text, language="en", entities=list(names)):
            yield one.start, one.end, names[one.entity_type], one.score
    return find


def scrubadub():
    import scrubadub as package
    names = {"email": "EMAIL", "phone": "PHONE", "credit_card": "CARD", "social_security_number": "SSN",
             "name": "PERSON", "address": "ADDRESS", "date_of_birth": "BIRTH", "credential": "SECRET"}
    scrubber = package.Scrubber()
    # Those that need no model and are not on by themselves.
    for name in ("date_of_birth",):
        try:
            scrubber.add_detector(name)
        except Exception as error:
            print(f"scrubadub: without {name}: {error}", file=sys.stderr)

    def find(text):
        for one in scrubber.iter_filth(text):
            for part in getattr(one, "filths", [one]):
                if part.type in names:
                    yield part.beg, part.end, names[part.type], 1.0
    return find


def datafog():
    from datafog.engine import scan

    names = {"EMAIL": "EMAIL", "PHONE": "PHONE", "IP_ADDRESS": "IP", "CREDIT_CARD": "CARD", "SSN": "SSN",
             "DE_IBAN": "IBAN", "DATE": "BIRTH"}

    def find(text):
        for one in scan(text, engine="regex").entities:
            if one.type in names:
                yield one.start, one.end, names[one.type], one.confidence
    return find


def detect_secrets():
    from detect_secrets.core import scan
    from detect_secrets.settings import default_settings

    # Its settings hold as long as this does.
    OPEN.enter_context(default_settings())
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "text")

    def find(text):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        for number in {one.line_number for one in scan.scan_file(path)}:
            if number < len(starts):
                yield starts[number - 1], starts[number] - 1, "SECRET", 1.0
    return find


PEERS = {"presidio-analyzer": presidio, "scrubadub": scrubadub, "datafog": datafog, "detect-secrets": detect_secrets}


def main():
    find = PEERS[sys.argv[1]]()
    with open(sys.argv[2], encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    for document in documents[:20]:
        list(find(document["text"]))
    start = time.process_time()
    found = [list(find(document["text"])) for document in documents]
    seconds = time.process_time() - start
    for document, spans in zip(documents, found):
        best = {}
        for begin, end, name, score in spans:
            place = (begin, end, name)
            best[place] = max(score, best.get(place, 0.0))
        print(json.dumps({"id": document.get("id"), "spans": [[*place, score] for place, score in best.items()]}))
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
