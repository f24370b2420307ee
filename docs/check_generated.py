"""Fail where a page or a picture that the program makes is not what it would make now."""

import sys

import generate_reference
import make_pictures

if __name__ == "__main__":
    sys.exit(generate_reference.main(["--check"]) | make_pictures.main(["--check"]))
