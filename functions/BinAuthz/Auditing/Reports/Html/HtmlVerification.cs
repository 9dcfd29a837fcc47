namespace BinAuthz.Auditing.Reports.Html;

/// <summary>How to check, with common tools and without this program, that the report is the one that was signed.</summary>
internal static class HtmlVerification
{
    /// <summary>The section.</summary>
    public static Markup Section(AuditReport report) => Markup.Of($"""
        <section id="verify" aria-labelledby="verify-title">
        <h2 id="verify-title">Verify this report</h2>
        <p><code>binauthz audit verify-chain --project {report.Project} --environment {report.Environment}</code> does all of this for every report. By hand, in a folder that holds this report's files, with <code>openssl</code> and <code>jq</code>:</p>
        <ol class="steps">
        <li><p>Which key signed? It must be a version of the audit key of {report.Environment}, and you should know its public key from elsewhere than from here.</p>
        {Commands("""
            jq -r '.signatures[0].keyid' statement.dsse.json
            gcloud kms keys versions get-public-key "$(jq -r '.signatures[0].keyid' statement.dsse.json | sed 's#^//cloudkms.googleapis.com/v1/##')" --output-file=audit-key.pem
            """)}</li>
        <li><p>Is the signature right? What was signed is the statement with its type and length before it (DSSE).</p>
        {Commands("""
            jq -r .payload statement.dsse.json | openssl base64 -d -A > statement.json
            jq -r '.signatures[0].sig' statement.dsse.json | openssl base64 -d -A > statement.sig
            { printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < statement.json)"; cat statement.json; } | openssl dgst -sha256 -verify audit-key.pem -signature statement.sig
            """)}</li>
        <li><p>Are these files the ones that it names?</p>
        {Commands("""
            jq -r '.subject[] | .digest.sha256 + "  " + (.name | split("/") | last)' statement.json | sha256sum -c
            """)}</li>
        <li><p>{Before(report.Previous)}</p>
        {(report.Previous is { } previous ? Commands($"""gcloud storage cat "gs://$BUCKET/{previous.Name}" | sha256sum   # {previous.Digest}""") : Markup.None)}</li>
        <li><p>Is an attestation right? Save the public key of its attestor from above as <code>key.pem</code>; what was signed are the stored bytes, as they are.</p>
        {Commands("""
            gcloud container binauthz attestations list --attestor=ATTESTOR --artifact-url=IMAGE --format=json > attestations.json
            jq -r '.[0].attestation.serializedPayload' attestations.json | openssl base64 -d -A > payload
            jq -r '.[0].attestation.signatures[0].signature' attestations.json | tr '_-' '/+' | openssl base64 -d -A > payload.sig
            openssl dgst -sha256 -verify key.pem -signature payload.sig payload
            """)}</li>
        </ol>
        </section>
        """);

    private static string Before(PreviousReport? previous) => previous is null
        ? "This is the first report: nothing comes before it in the chain."
        : "Is the report before the one that this one was made after? Its statement must have the digest that stands beside it here, with the evidence bucket in BUCKET.";

    private static Markup Commands(string commands) => Markup.Of($"<pre><code>{commands}</code></pre>");
}
