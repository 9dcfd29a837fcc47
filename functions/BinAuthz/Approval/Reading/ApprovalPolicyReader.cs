using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using BinAuthz.Approval.Promotion;
using BinAuthz.Yaml;
using YamlDotNet.Core;

namespace BinAuthz.Approval.Reading;

/// <summary>Reads an approval policy; whatever is not understood is an error, because a rule that is silently dropped approves.</summary>
internal sealed partial class ApprovalPolicyReader
{
    /// <summary>What a file may hold in UTF-8: 1 MiB.</summary>
    public const int MaximumBytes = 1 << 20;

    private readonly YamlReader reader;
    private readonly AttestorPolicyReader attestors;

    private ApprovalPolicyReader(YamlReader reader)
    {
        this.reader = reader;
        attestors = new AttestorPolicyReader(reader);
    }

    /// <summary>The policy, or everything that is wrong with it.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <param name="now">The time by which warnings tell what expires.</param>
    public static PolicyReading Read(string yaml, string file, DateTimeOffset now)
    {
        var reader = new YamlReader(file, now);
        ApprovalPolicy? policy = null;
        if (Encoding.UTF8.GetByteCount(yaml) > MaximumBytes)
        {
            reader.Error(1, 1, "The file is larger than 1 MiB.", "Write an approval policy; patterns stand for many repositories.");
            return new PolicyReading(null, reader.Errors, reader.Warnings);
        }

        try
        {
            if (YamlLoader.Load(yaml) is { } root)
            {
                policy = new ApprovalPolicyReader(reader).Policy(root, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml)))}");
            }
            else
            {
                reader.Error(1, 1, "The file is empty.", "Write environment, attestor and rules.");
            }
        }
        catch (YamlException e)
        {
            reader.Error((int)e.Start.Line, (int)e.Start.Column, $"The file is not readable YAML: {e.Message}", "Correct the syntax.");
        }

        return new PolicyReading(reader.Errors.Count == 0 ? policy : null, reader.Errors, reader.Warnings);
    }

    private ApprovalPolicy? Policy(YamlValue root, string digest)
    {
        var isList = root is YamlValue.Mapping mapping && mapping.Entries.Any(entry => entry.Key is YamlValue.Scalar { Text: "attestors" });
        var values = reader.Mapping(root, "the policy", isList ? ["environment", "attestors"] : ["environment", .. AttestorPolicyReader.Keys]);
        var environment = reader.Required(values, root, "environment", "Write environment: production.") is { } at ? Environment(at) : null;
        var found = isList ? attestors.List(values["attestors"], environment) : [attestors.Single(values, root, environment)];
        PromotionOrder.Check([.. found.OfType<AttestorPolicy>()], reader);
        return environment is null || found.Contains(null) ? null : new ApprovalPolicy(environment, [.. found.OfType<AttestorPolicy>()], digest);
    }

    private string? Environment(YamlValue value)
    {
        var text = reader.Text(value, "environment", "production");
        if (text is not null && !EnvironmentName().IsMatch(text))
        {
            reader.Error(value, $"'{text}' is not an environment name: lower-case letters, digits and dashes, 30 at most, starting with a letter.", "Write environment: production.");
        }

        return text;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,29}\z")]
    private static partial Regex EnvironmentName();
}
