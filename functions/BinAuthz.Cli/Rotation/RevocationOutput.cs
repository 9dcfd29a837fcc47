using System.Text.Json.Nodes;
using BinAuthz.Rotation;
using Spectre.Console;

namespace BinAuthz.Cli.Rotation;

/// <summary>What a revocation would do, and what it did: for people and programs.</summary>
internal static class RevocationOutput
{
    /// <summary>The plan.</summary>
    public static JsonObject ToJson(RevocationPlan plan, string result) => new()
    {
        ["result"] = result,
        ["keyVersion"] = plan.Request.Version.ToString(),
        ["since"] = Rfc3339.Write(plan.Request.CompromisedSince),
        ["plan"] = new JsonObject
        {
            ["trusted"] = plan.IsTrusted,
            ["remaining"] = new JsonArray([.. plan.Remaining.Select(version => JsonValue.Create(version.ToString()))]),
            ["recoverable"] = ImageList.ToJson(plan.Recoverable),
            ["blocked"] = ImageList.ToJson(plan.Blocked),
            ["running"] = ImageList.ToJson(plan.Running),
            ["tainted"] = new JsonArray([.. plan.Tainted.Select(image => JsonValue.Create(image.Image.ToString()))]),
            ["unaffected"] = plan.Unaffected,
            ["warnings"] = new JsonArray([.. plan.Warnings.Select(warning => JsonValue.Create(warning))]),
        },
    };

    /// <summary>The plan, what was done, and what stays.</summary>
    public static JsonObject ToJson(RevocationPlan plan, RotationReport done, RotationStatus status)
    {
        var document = ToJson(plan, "revoked");
        document["run"] = RotationReportJson.Of(done);
        document["recoverable"] = ImageList.ToJson(status.Recoverable);
        document["blocked"] = ImageList.ToJson(status.Blocked);
        document["running"] = ImageList.ToJson(status.Running);
        return document;
    }

    /// <summary>The plan, for people.</summary>
    public static void Write(IAnsiConsole people, RevocationPlan plan)
    {
        people.WriteLine($"Revoking {plan.Request.Version}, compromised since {Rfc3339.Write(plan.Request.CompromisedSince)}: {plan.Request.Reason}");
        people.WriteLine(plan.IsTrusted ? "The attestor trusts it now, and will not: what only it attested is denied from then on. Pods that run are not stopped." : "The attestor does not trust it now.");
        people.WriteLine(plan.Remaining.Count > 0
            ? $"Trusted versions that stay: {string.Join(", ", plan.Remaining.Select(version => version.Version))}"
            : "No other version is trusted: nothing is admitted by this attestor until a successor has signed.");
        people.WriteLine($"Images that keep an attestation by another key: {plan.Unaffected}");
        ImageList.Write(people, "Images attested before the compromise, which approval is asked for anew", plan.Recoverable);
        ImageList.Write(people, "Images that stay blocked, attested since, until a new push or scan has them approved", plan.Blocked);
        people.WriteLine($"Images that were signed anew for the sake of what others may have signed, and lose that attestation as well: {plan.Tainted.Count}");
        ImageList.Write(people, "Images of these that run now", plan.Running);
        RotationStatusOutput.WriteWarnings(people, plan.Warnings);
    }

    /// <summary>What was done and what stays, for people.</summary>
    public static void Write(IAnsiConsole people, RotationReport done, RotationStatus status)
    {
        people.WriteLine("revoked: the attestor does not trust it any more, and it is disabled");
        RotationStatusOutput.WriteSteps(people, done);
        RotationStatusOutput.WriteAffected(people, status);
    }
}
