using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Rotation;
using Spectre.Console;

namespace BinAuthz.Cli.Rotation;

/// <summary>Where a rotation stands, for people and programs.</summary>
internal static class RotationStatusOutput
{
    /// <summary>For programs.</summary>
    public static JsonObject ToJson(RotationStatus status) => new()
    {
        ["attestor"] = status.Attestor.ToString(),
        ["key"] = status.Key.ToString(),
        ["versions"] = new JsonArray([.. status.Versions.Select(ToJson)]),
        ["foreignKeys"] = new JsonArray([.. status.Foreign.Select(key => new JsonObject { ["id"] = key.Key.Id, ["comment"] = key.Key.Comment, ["images"] = key.Images, ["onlyIts"] = key.OnlyIts })]),
        ["images"] = new JsonObject { ["live"] = status.Live, ["lacking"] = status.Lacking, ["affected"] = status.Recoverable.Count + status.Blocked.Count, ["tainted"] = status.Tainted.Count },
        ["recoverable"] = ImageList.ToJson(status.Recoverable),
        ["blockedImages"] = ImageList.ToJson(status.Blocked),
        ["runningImages"] = ImageList.ToJson(status.Running),
        ["warnings"] = new JsonArray([.. status.Warnings.Select(warning => JsonValue.Create(warning))]),
        ["next"] = RotationReportJson.Of(status.Next),
        ["blocked"] = status.IsBlocked,
    };

    /// <summary>For people.</summary>
    public static void Write(IAnsiConsole people, RotationStatus status)
    {
        people.WriteLine($"attestor {status.Attestor}");
        people.WriteLine($"key      {status.Key}");
        foreach (var version in status.Versions)
        {
            people.WriteLine(Line(version));
        }

        foreach (var key in status.Foreign)
        {
            people.WriteLine($"not ours, left alone: {key.Key.Id}{Images(key.Images, key.OnlyIts)}");
        }

        people.WriteLine($"images that may be deployed: {status.Live}; lacking an attestation by the newest trusted version: {status.Lacking}; affected by a revocation: {status.Recoverable.Count + status.Blocked.Count}");
        if (status.Tainted.Count > 0)
        {
            people.WriteLine($"images that are admitted for the sake of attestations that others may have made, and lose them next: {status.Tainted.Count}");
        }

        WriteAffected(people, status);
        WriteWarnings(people, status.Warnings);
        WriteNext(people, status.Next);
    }

    /// <summary>What a revocation left.</summary>
    public static void WriteAffected(IAnsiConsole people, RotationStatus status)
    {
        ImageList.Write(people, "images that wait for approval anew", status.Recoverable);
        ImageList.Write(people, "images that stay blocked until a new push or scan has them approved", status.Blocked);
        ImageList.Write(people, "images that run and would not be admitted", status.Running);
    }

    /// <summary>What could not be read.</summary>
    public static void WriteWarnings(IAnsiConsole people, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
        {
            people.WriteLine($"warning: {warning}", new Style(Color.Yellow));
        }
    }

    /// <summary>What a run did.</summary>
    public static void WriteSteps(IAnsiConsole people, RotationReport report)
    {
        foreach (var step in report.Performed)
        {
            people.WriteLine($"done: {step.Code}: {step.Detail}");
        }

        WriteWarnings(people, report.Warnings);
        WriteNext(people, report.Next);
    }

    private static void WriteNext(IAnsiConsole people, RotationStep next) =>
        people.WriteLine($"next: {next.Code}: {next.Detail}", new Style(next is RotationStep.Blocked ? Color.Red : Color.Green));

    private static JsonObject ToJson(VersionStatus version) => new()
    {
        ["version"] = version.Version.Name.Version,
        ["name"] = version.Version.Name.ToString(),
        ["state"] = State(version),
        ["algorithm"] = version.Version.Algorithm?.ToString(),
        ["created"] = Rfc3339.Write(version.Version.Created),
        ["role"] = JsonNamingPolicy.CamelCase.ConvertName(version.Role.ToString()),
        ["trustedSince"] = Since(version),
        ["nextAt"] = version.NextAt is { } at ? Rfc3339.Write(at) : null,
        ["nextWhat"] = version.NextWhat,
        ["images"] = version.Images,
        ["onlyIts"] = version.OnlyIts,
    };

    private static string Line(VersionStatus version)
    {
        var trusted = version.TrustedSince is null ? "" : $"; trusted since {Since(version) ?? "long ago"}";
        var later = version.NextAt is { } at ? $"; {version.NextWhat} {Rfc3339.Write(at)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{version.Version.Name.Version,4} {State(version),-18} {version.Version.Algorithm?.ToString() ?? "no algorithm of ours"}, {(int)version.Age.TotalDays} d old: {Words(version.Role)}{trusted}{later}{Images(version.Images, version.OnlyIts)}");
    }

    private static string? Since(VersionStatus version) =>
        version.TrustedSince is { } since && since > DateTimeOffset.UnixEpoch ? Rfc3339.Write(since) : null;

    private static string Images(int? images, int? only) => images is > 0 ? $"; attests {images} images, {only} of them alone" : "";

    // As gcloud writes it.
    private static string State(VersionStatus version) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(version.Version.State.ToString());

    private static string Words(VersionRole role) => role switch
    {
        VersionRole.Signs => "signs",
        VersionRole.Propagates => "waits until every cluster knows it",
        VersionRole.Old => "signed before",
        VersionRole.CannotSign => "is trusted and cannot sign",
        VersionRole.Successor => "is trusted next",
        VersionRole.Retired => "retired",
        VersionRole.Revoked => "revoked",
        VersionRole.RemovedByHand => "removed from the attestor by hand",
        _ => "unused",
    };
}
