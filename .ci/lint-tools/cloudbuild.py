"""Reads Cloud Build configurations as `gcloud builds submit` does, and asks for what the service or this project's rules ask besides.

usage: cloudbuild.py SDK_ROOT FILE...    prints FILE: problem, a line each; exit code 1: there is one

Run by the Python that comes with gcloud: the parser, with every field, type and enumeration of the API, is gcloud's own.
"""
import os
import re
import sys

SDK_ROOT = sys.argv[1]
sys.path[:0] = [os.path.join(SDK_ROOT, "lib"), os.path.join(SDK_ROOT, "lib", "third_party")]

from googlecloudsdk.api_lib.cloudbuild import config  # noqa: E402
from googlecloudsdk.generated_clients.apis.cloudbuild.v1 import cloudbuild_v1_messages as messages  # noqa: E402

# What Cloud Build itself puts in; those of triggers are empty in builds that a person submits, and may name nothing.
BUILT_IN = {"PROJECT_ID", "PROJECT_NUMBER", "BUILD_ID", "LOCATION", "SERVICE_ACCOUNT_EMAIL"}
OF_TRIGGERS = {"COMMIT_SHA", "SHORT_SHA", "REVISION_ID", "REPO_NAME", "BRANCH_NAME", "TAG_NAME", "REF_NAME", "TRIGGER_NAME"}
UNPINNED = {"gcr.io/cloud-builders/docker"}  # no digest of it is published


def names(text):
    """The $NAMEs and ${NAME}s of a text, without $$NAME."""
    return {match.group(1) for match in re.finditer(r"(?<!\$)\$\{?([A-Z_][A-Z0-9_]*)", text or "")}


def step_problems(build, declared):
    earlier = set()
    for number, step in enumerate(build.steps):
        where = f"step {step.id or number}"
        if step.name not in UNPINNED and not re.search(r"@sha256:[0-9a-f]{64}$", step.name or ""):
            yield f"{where}: the image {step.name} is not pinned by digest"
        for other in step.waitFor:
            if other != "-" and other not in earlier:
                yield f"{where}: waitFor names {other}, which is no earlier step"
        if not step.script:
            yield f"{where}: write a script; in args the shell's own $ must be doubled, and is forgotten"
        earlier.add(step.id)
        used = {name for name in names(step.script) if name.startswith("_")}
        for name in sorted(used - declared):
            yield f"{where}: ${name} is not declared under substitutions"
        for name in sorted(names(step.script) & OF_TRIGGERS):
            yield f"{where}: ${name} is empty in a build that a person submits"


def problems(path):
    try:
        build = config.LoadCloudbuildConfigFromPath(path, messages)
    except Exception as error:  # pylint: disable=broad-except
        yield " ".join(str(error).split())
        return
    declared = {each.key for each in build.substitutions.additionalProperties} if build.substitutions else set()
    yield from step_problems(build, declared)
    objects = build.artifacts.objects if build.artifacts else None
    outside = [*build.images, build.serviceAccount, objects.location if objects else None]
    for name in sorted(set().union(*map(names, outside)) - declared - BUILT_IN):
        yield f"${name} is neither declared nor always there"
    text = open(path, encoding="utf-8").read()
    for name in sorted(declared):
        if len(re.findall(rf"\b{name}\b", text)) < 2:
            yield f"{name} is declared and never used"
    options = build.options
    if not options or not options.automapSubstitutions:
        yield "options.automapSubstitutions must be true: scripts get no substitution otherwise"
    if not build.serviceAccount:
        yield "serviceAccount is missing: the default one may do far more"
    elif str(options.logging if options else None) not in ("CLOUD_LOGGING_ONLY", "NONE") and not build.logsBucket:
        yield "a serviceAccount needs logging: CLOUD_LOGGING_ONLY, or a logsBucket; the service refuses the build otherwise"
    if bool(build.images) != (str(options.requestedVerifyOption if options else None) == "VERIFIED"):
        yield "images and requestedVerifyOption: VERIFIED belong together: what is pushed needs provenance"


found = [(path, problem) for path in sys.argv[2:] for problem in problems(path)]
for path, problem in found:
    print(f"{path}: {problem}")
sys.exit(1 if found else 0)
