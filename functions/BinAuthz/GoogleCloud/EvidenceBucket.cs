namespace BinAuthz.GoogleCloud;

/// <summary>The bucket that keeps what must not be lost.</summary>
/// <param name="Name">Without <c>gs://</c>.</param>
internal sealed record EvidenceBucket(string Name)
{
    /// <summary>The bucket of a project.</summary>
    public static EvidenceBucket Default(string project) => new($"{project}-binauthz-evidence");
}
