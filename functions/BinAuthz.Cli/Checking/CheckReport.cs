using System.Text.Json.Nodes;
using BinAuthz.Admission;

namespace BinAuthz.Cli.Checking;

/// <summary>What a check found.</summary>
/// <param name="Policy">The file or resource of the policy.</param>
/// <param name="Cluster"><c>LOCATION.NAME</c>, or null.</param>
/// <param name="Workloads">The verdicts.</param>
/// <param name="Skipped">How many objects run no pods.</param>
/// <param name="Errors">What could not be read.</param>
/// <param name="Warnings">What the verdicts rest on and is not sure.</param>
internal sealed record CheckReport(string Policy, string? Cluster, IReadOnlyList<WorkloadAdmission> Workloads, int Skipped, IReadOnlyList<ManifestError> Errors, IReadOnlyList<string> Warnings)
{
    /// <summary>How many images keep their pods from starting.</summary>
    public int Blocked => Images.Count(image => image.IsBlocked);

    private IEnumerable<ImageAdmission> Images => Workloads.SelectMany(workload => workload.Images);

    /// <summary>2: something could not be read; 1: something would be blocked; else 0.</summary>
    public int Code => Errors.Count > 0 ? ExitCode.Usage : Blocked > 0 ? ExitCode.Refused : ExitCode.Ok;

    /// <summary>One line that sums it up.</summary>
    public string Summary =>
        $"Workloads: {Workloads.Count}, images: {Images.Count()}, blocked: {Blocked}, denied but admitted: {Images.Count(image => image.IsDenied) - Blocked}, objects without pods: {Skipped}, unreadable: {Errors.Count}.";

    /// <summary>For programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["policy"] = Policy,
        ["cluster"] = Cluster,
        ["images"] = new JsonArray([.. Workloads.SelectMany(workload => workload.Images.Select(image => ToJson(workload.Workload, image)))]),
        ["workloads"] = Workloads.Count,
        ["skipped"] = Skipped,
        ["blocked"] = Blocked,
        ["errors"] = new JsonArray([.. Errors.Select(error => new JsonObject
        {
            ["file"] = error.At.File,
            ["line"] = error.At.Line,
            ["column"] = error.At.Column,
            ["rule"] = error.Rule,
            ["remedy"] = error.Remedy,
        })]),
        ["warnings"] = new JsonArray([.. Warnings.Select(warning => JsonValue.Create(warning))]),
    };

    /// <summary>For people and programs alike: <c>enforced</c>, <c>dry-run</c> or <c>break-glass</c>.</summary>
    public static string Word(AdmissionEnforcement enforcement) => enforcement switch
    {
        AdmissionEnforcement.Enforced => "enforced",
        AdmissionEnforcement.DryRun => "dry-run",
        _ => "break-glass",
    };

    private static JsonObject ToJson(Workload workload, ImageAdmission image) => new()
    {
        ["image"] = image.Container.Image,
        ["verdict"] = image.IsDenied ? "denied" : "admitted",
        ["enforcement"] = Word(image.Enforcement),
        ["blocked"] = image.IsBlocked,
        ["rule"] = image.Basis.Kind.ToString(),
        ["key"] = image.Basis.Key,
        ["message"] = image.Message,
        ["reasons"] = new JsonArray([.. image.Denials.Select(denial => new JsonObject
        {
            ["cause"] = denial.Cause.Code(),
            ["attestor"] = denial.Attestor?.ToString(),
            ["reason"] = denial.Reason,
            ["detail"] = denial.Detail,
            ["remedy"] = denial.Remedy,
        })]),
        ["kind"] = workload.Kind,
        ["namespace"] = workload.Namespace,
        ["name"] = workload.Name,
        ["owner"] = workload.Owner,
        ["container"] = image.Container.Name,
        ["containerKind"] = image.Container.Kind.ToString(),
        ["file"] = image.Container.At.File,
        ["line"] = image.Container.At.Line,
        ["column"] = image.Container.At.Column,
    };
}
