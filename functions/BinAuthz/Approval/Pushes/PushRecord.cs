namespace BinAuthz.Approval.Pushes;

/// <summary>A push to an image's name, from the audit entry of Docker-PutManifest.</summary>
/// <param name="Entry">The log and the insert id of the entry.</param>
/// <param name="Principal">The e-mail address of who pushed; empty: the entry does not say.</param>
/// <param name="Time">When.</param>
/// <param name="Image">The image's name, <c>registry/repository</c>.</param>
/// <param name="Reference">What was pushed: a tag or a digest.</param>
/// <param name="Digest"><c>sha256:…</c> of the entry as JSON.</param>
internal sealed record PushRecord(string Entry, string Principal, DateTimeOffset Time, string Image, string Reference, string Digest)
{
    /// <summary>Whether the entry names this digest of this image, not a tag.</summary>
    public bool Names(Images.ImageReference image) => IsOf(image) && string.Equals(Reference, image.Digest.Value, StringComparison.Ordinal);

    /// <summary>Whether the push was to the name of this image.</summary>
    public bool IsOf(Images.ImageReference image) => string.Equals(Image, image.Name, StringComparison.Ordinal);
}
