namespace BinAuthz.Auditing.Archive;

/// <summary>A file that a statement covers.</summary>
/// <param name="Name">Within the report's folder, such as <c>report.json</c>.</param>
/// <param name="Sha256">Of its bytes, in hex.</param>
internal sealed record StatementSubject(string Name, string Sha256);
