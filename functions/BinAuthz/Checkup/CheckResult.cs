namespace BinAuthz.Checkup;

/// <summary>What one check found.</summary>
/// <param name="Check">Stable, such as <c>signing-version</c>.</param>
/// <param name="Resource">What was looked at, by its full name.</param>
/// <param name="Status">What came out.</param>
/// <param name="Found">What is there, and why that is not well.</param>
/// <param name="Remedy">What mends it, with a command in backquotes; empty when nothing has to be done.</param>
internal sealed record CheckResult(string Check, string Resource, CheckStatus Status, string Found, string Remedy)
{
    /// <summary>Whether it may be checked later without anyone mending anything.</summary>
    public bool IsTransient { get; init; }

    public static CheckResult Ok(string check, object resource, string found) => new(check, resource.ToString()!, CheckStatus.Ok, found, "");

    public static CheckResult Warning(string check, object resource, string found, string remedy) => new(check, resource.ToString()!, CheckStatus.Warning, found, remedy);

    public static CheckResult Failed(string check, object resource, string found, string remedy) => new(check, resource.ToString()!, CheckStatus.Failed, found, remedy);

    /// <summary>What could not be read.</summary>
    public static CheckResult Unchecked(string check, object resource, Obstacle obstacle) =>
        new(check, resource.ToString()!, CheckStatus.Unchecked, obstacle.Reason, obstacle.Remedy) { IsTransient = obstacle.IsTransient };
}
