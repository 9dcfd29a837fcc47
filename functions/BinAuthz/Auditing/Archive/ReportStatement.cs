using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Archive;

/// <summary>
/// What is signed of a report: an in-toto statement v1 whose subjects are the report's files and whose predicate is its place in
/// the chain (docs: in-toto.io/Statement/v1).
/// </summary>
/// <param name="Environment">Such as <c>production</c>.</param>
/// <param name="Project">The attestors' project.</param>
/// <param name="Time">Of the report, to the second, UTC.</param>
/// <param name="Sequence">1 for the first report of the environment, then each one more.</param>
/// <param name="Previous">The report before in the chain; null: this is the first.</param>
/// <param name="Subjects">The files, by name.</param>
internal sealed record ReportStatement(string Environment, string Project, DateTimeOffset Time, long Sequence, PreviousReport? Previous, IReadOnlyList<StatementSubject> Subjects)
{
    public const string PayloadType = "application/vnd.in-toto+json";
    public const string StatementType = "https://in-toto.io/Statement/v1";

    /// <summary>A name and no address: the project owns no domain.</summary>
    public const string PredicateType = "urn:binauthz:audit-report:v1";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>sha256:…</c> of bytes, as the chain names statements.</summary>
    public static string DigestOf(ReadOnlySpan<byte> bytes) => "sha256:" + Sha256Of(bytes);

    /// <summary>The SHA-256 of bytes in hex, as in-toto names files.</summary>
    public static string Sha256Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The statement's bytes: the same for the same report, always.</summary>
    public byte[] ToBytes()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("_type", StatementType);
            writer.WriteStartArray("subject");
            foreach (var subject in Subjects)
            {
                writer.WriteStartObject();
                writer.WriteString("name", subject.Name);
                WriteDigest(writer, subject.Sha256);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("predicateType", PredicateType);
            WritePredicate(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WritePredicate(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("predicate");
        writer.WriteString("environment", Environment);
        writer.WriteString("project", Project);
        writer.WriteString("time", Rfc3339.Write(Time));
        writer.WriteNumber("sequence", Sequence);
        if (Previous is { } previous)
        {
            writer.WriteStartObject("previous");
            writer.WriteString("name", previous.Name);
            WriteDigest(writer, previous.Digest["sha256:".Length..]);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteDigest(Utf8JsonWriter writer, string hex)
    {
        writer.WriteStartObject("digest");
        writer.WriteString("sha256", hex);
        writer.WriteEndObject();
    }
}
