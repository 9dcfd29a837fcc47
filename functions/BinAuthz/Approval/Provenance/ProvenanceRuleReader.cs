using BinAuthz.Yaml;

namespace BinAuthz.Approval.Provenance;

/// <summary>Reads <c>rules.provenance</c> of an approval policy.</summary>
internal sealed class ProvenanceRuleReader(YamlReader reader)
{
    private const string BuilderExample = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
    private const string SourceExample = "https://github.com/acme/app";
    private const string RefExample = "refs/heads/main";
    private const string TriggerExample = "projects/P/locations/L/triggers/ID";

    /// <summary>The rule; null when the section is not a mapping. Errors are the reader's.</summary>
    public ProvenanceRule? Read(YamlValue section)
    {
        if (section is not YamlValue.Mapping)
        {
            reader.Error(section, "rules.provenance must be a mapping, or none.", "Write builders, sources and keys; or provenance: none.");
            return null;
        }

        var values = reader.Mapping(section, "rules.provenance", "builders", "buildTypes", "sources", "refs", "triggers", "keys");
        var builders = reader.Required(values, section, "builders", $"Write builders: [{BuilderExample}].") is { } b ? Strings(b, "rules.provenance.builders", BuilderExample) : [];
        IReadOnlyList<string> buildTypes = values.TryGetValue("buildTypes", out var t)
            ? Strings(t, "rules.provenance.buildTypes", ProvenanceRequirements.CloudBuildType)
            : [ProvenanceRequirements.CloudBuildType];
        var sources = reader.Required(values, section, "sources", $"Write sources: [{SourceExample}].") is { } s ? Sources(s) : [];
        var keys = reader.Required(values, section, "keys", $"Write keys: with - kms: {ProvenanceKeyReader.Example}.") is { } k ? new ProvenanceKeyReader(reader).Read(k) : [];
        return new ProvenanceRule(new ProvenanceRequirements(builders, buildTypes, sources, keys)
        {
            Refs = values.TryGetValue("refs", out var r) ? Refs(r) : [],
            Triggers = values.TryGetValue("triggers", out var g) ? Triggers(g) : [],
        });
    }

    private IReadOnlyList<string> Strings(YamlValue value, string what, string example) =>
        [.. reader.Texts(value, what, example).Select(entry => entry.Text)];

    private List<SourcePattern> Sources(YamlValue value)
    {
        var sources = new List<SourcePattern>();
        foreach (var (at, text) in reader.Texts(value, "rules.provenance.sources", SourceExample))
        {
            if (SourcePattern.TryParse(text, out var pattern, out var rule))
            {
                sources.Add(pattern);
            }
            else
            {
                reader.Error(at, $"'{text}' is not a source: {rule}.", $"Write the repository's URL, or a path and /* or /**, such as {SourceExample}.");
            }
        }

        return sources;
    }

    private List<RefPattern> Refs(YamlValue value)
    {
        var refs = new List<RefPattern>();
        foreach (var (at, text) in reader.Texts(value, "rules.provenance.refs", RefExample))
        {
            if (RefPattern.TryParse(text, out var pattern, out var rule))
            {
                refs.Add(pattern);
            }
            else
            {
                reader.Error(at, $"'{text}' is not a branch or tag: {rule}.", $"Write its full name, or how it starts and * or **, such as {RefExample}, refs/tags/v* or refs/heads/release/**.");
            }
        }

        return refs;
    }

    private List<string> Triggers(YamlValue value)
    {
        var triggers = new List<string>();
        foreach (var (at, text) in reader.Texts(value, "rules.provenance.triggers", TriggerExample))
        {
            if (text.Contains('*', StringComparison.Ordinal))
            {
                reader.Error(at, $"'{text}' is not a build trigger: triggers are compared exactly, without wildcards.", $"Write each trigger as the provenance states it under internalParameters.triggerUri, such as {TriggerExample}.");
            }
            else
            {
                triggers.Add(text);
            }
        }

        return triggers;
    }
}
