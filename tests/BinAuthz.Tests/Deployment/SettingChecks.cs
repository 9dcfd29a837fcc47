using BinAuthz.Auditing;
using BinAuthz.Functions;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using Microsoft.Extensions.Configuration;
using static BinAuthz.Tests.Deployment.PlannedEnvironment;

namespace BinAuthz.Tests.Deployment;

/// <summary>Holds the environment variables of a plan to the options that the code reads.</summary>
internal static class SettingChecks
{
    // Read by the host, by .NET, and by the writer of logs.
    private static readonly string[] NotOurs = ["FUNCTION_TARGET", "DOTNET_RUNNING_IN_CONTAINER", "GOOGLE_CLOUD_PROJECT"];

    /// <summary>All checks.</summary>
    public static IEnumerable<string> All(PlannedEnvironment plan) => plan.All("google_cloud_run_v2_service").SelectMany(service =>
    {
        var name = Text(service, "name");
        var settings = plan.Settings[name];
        return Unread(settings).Concat(Options(plan, settings)).Concat(Files(service, settings)).Select(mistake => $"{name}: {mistake}");
    });

    private static IEnumerable<string> Unread(IReadOnlyDictionary<string, string> settings) =>
        settings.Keys.Where(key => !key.StartsWith($"{BinAuthzOptions.Section}__", StringComparison.Ordinal) && !NotOurs.Contains(key)).Select(key => $"nothing reads the variable {key}.");

    // As a function reads them, but that an option which does not exist, or a value that is none, is a mistake.
    private static IEnumerable<string> Options(PlannedEnvironment plan, IReadOnlyDictionary<string, string> settings)
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value))).Build()
            .GetSection(BinAuthzOptions.Section);
        try
        {
            var options = section.Get<BinAuthzOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new BinAuthzOptions();
            options.Audit.Validated();
            RotationWindows.From(options);
            return Names(plan, options);
        }
        catch (Exception error) when (error is InvalidOperationException or ConfigurationException)
        {
            return [error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message];
        }
    }

    // Where terraform says what is the default anyway, it says the same.
    private static IEnumerable<string> Names(PlannedEnvironment plan, BinAuthzOptions options)
    {
        var (project, environment) = (plan.Project, plan.Environment);
        (string Option, string? Value, string Default)[] names =
        [
            (nameof(options.Key), options.Key, environment.Key(project, plan.Location).ToString()),
            ("Audit:Key", options.Audit.Key, environment.AuditKey(project, plan.Location).ToString()),
            (nameof(options.Location), options.Location, plan.Location),
            (nameof(options.EvidenceBucket), options.EvidenceBucket, Text(plan.One("google_storage_bucket"), "name")),
            (nameof(options.DecisionsTopic), options.DecisionsTopic, DecisionsTopic.Default(project, environment.Name).Name),
            ("Audit:FindingsTopic", options.Audit.FindingsTopic, EventTopics.Findings(project, environment.Name)),
        ];
        return names.Where(each => each.Value is { Length: > 0 } value && value != each.Default).Select(each => $"{each.Option} is {each.Value}, and should be {each.Default}.");
    }

    // The policy that a function does not start without lies where it looks for it.
    private static IEnumerable<string> Files(System.Text.Json.Nodes.JsonObject service, IReadOnlyDictionary<string, string> settings)
    {
        var option = settings.GetValueOrDefault("FUNCTION_TARGET") == nameof(AlertOnDenialFunction) ? nameof(BinAuthzOptions.Alerts) : nameof(BinAuthzOptions.Approval);
        if (!settings.TryGetValue($"{BinAuthzOptions.Section}__{option}", out var path))
        {
            yield return $"{option} is not set.";
            yield break;
        }

        var folders = Items(Container(service), "volume_mounts").ToDictionary(mount => Text(mount, "name"), mount => Text(mount, "mount_path"));
        var files = Items(Items(service, "template").Single(), "volumes").SelectMany(volume => Items(volume, "secret").SelectMany(secret => Items(secret, "items"))
            .Select(item => $"{folders.GetValueOrDefault(Text(volume, "name"))}/{Text(item, "path")}"));
        if (!files.Contains(path))
        {
            yield return $"no file is mounted at {path}, where {option} says that it is.";
        }
    }
}
