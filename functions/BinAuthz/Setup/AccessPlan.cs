using BinAuthz.GoogleCloud;
using BinAuthz.Yaml;

namespace BinAuthz.Setup;

/// <summary>Who may do what in one environment: the file <c>iam.yaml</c>, from which terraform grants, too.</summary>
/// <param name="Identities">The service accounts.</param>
/// <param name="Roles">The custom roles.</param>
/// <param name="Grants">Who has which role on what.</param>
internal sealed record AccessPlan(IReadOnlyList<Identity> Identities, IReadOnlyList<CustomRole> Roles, IReadOnlyList<Grant> Grants)
{
    private const string Resource = "BinAuthz.Setup.iam.yaml";

    /// <summary>The plan that this program was built with.</summary>
    public static AccessPlan Load() => Parse(EmbeddedText(), "iam.yaml");

    /// <summary>The text of the plan that this program was built with.</summary>
    public static string EmbeddedText()
    {
        using var stream = typeof(AccessPlan).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="file">Its name, for error messages.</param>
    /// <exception cref="ConfigurationException">It cannot be used; every error has file, line and column.</exception>
    public static AccessPlan Parse(string yaml, string file = "iam.yaml")
    {
        var reader = new YamlReader(file, DateTimeOffset.MinValue);
        var plan = AccessPlanReader.Read(reader, yaml);
        return plan is not null && reader.Errors.Count == 0 ? plan : throw new ConfigurationException([.. reader.Errors.Select(error => error.ToString())]);
    }

    /// <summary>The plan as bindings: one for each resource, role and condition, with all its members.</summary>
    public IReadOnlyList<AccessBinding> Bindings(AccessNames names) =>
    [
        .. Grants.SelectMany(grant => names.Resources(grant.On).Select(resource => (Grant: grant, Resource: resource, Condition: Condition(names.Bucket, grant.Below))))
            .GroupBy(each => (each.Resource, each.Grant.Role, each.Condition))
            .Select(same => new AccessBinding(
                same.Key.Resource,
                new IamBinding(names.Role(same.Key.Role), [.. same.Select(each => names.Member(each.Grant.Identity)).Distinct()]) { Condition = same.Key.Condition },
                same.Any(each => each.Grant.Exclusive))),
    ];

    /// <summary>The CEL expression that holds for objects whose names begin in one of some ways; empty: for all.</summary>
    /// <param name="bucket">Without <c>gs://</c>.</param>
    /// <param name="below">The beginnings, such as <c>audits/</c>.</param>
    public static string Condition(string bucket, IReadOnlyList<string> below) =>
        string.Join(" || ", below.Select(prefix => $"resource.name.startsWith(\"projects/_/buckets/{bucket}/objects/{prefix}\")"));
}
