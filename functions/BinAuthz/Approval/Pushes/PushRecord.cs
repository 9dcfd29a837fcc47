namespace BinAuthz.Approval.Pushes;

/// <summary>A push to an image's name, from the audit entry of Docker-PutManifest.</summary>
/// <param name="Entry">The log and the insert id of the entry.</param>
/// <param name="Principal">The e-mail address of who pushed; empty: the entry does not say.</param>
/// <param name="Time">When.</param>
/// <param name="Reference">What was pushed: a tag or a digest.</param>
/// <param name="Digest"><c>sha256:…</c> of the entry as JSON.</param>
internal sealed record PushRecord(string Entry, string Principal, DateTimeOffset Time, string Reference, string Digest);
