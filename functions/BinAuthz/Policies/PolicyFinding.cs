namespace BinAuthz.Policies;

/// <summary>One thing about a policy that somebody should know.</summary>
/// <param name="Id">Stable, such as <c>pattern-no-path-boundary</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Path">Where in the document, such as <c>$.clusterAdmissionRules['us-central1.prod'].evaluationMode</c>.</param>
/// <param name="Reason">What is there and which rule it breaks.</param>
/// <param name="Remedy">What to write instead.</param>
internal sealed record PolicyFinding(string Id, FindingSeverity Severity, string Path, string Reason, string Remedy)
{
    /// <summary>Where in the file; null when the policy is from no file.</summary>
    public PolicyPlace? Place { get; init; }

    public static PolicyFinding Error(string id, string path, string reason, string remedy) => new(id, FindingSeverity.Error, path, reason, remedy);

    public static PolicyFinding Warning(string id, string path, string reason, string remedy) => new(id, FindingSeverity.Warning, path, reason, remedy);
}
