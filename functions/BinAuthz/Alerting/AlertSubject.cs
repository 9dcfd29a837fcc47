using System.Security.Cryptography;
using System.Text;
using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>What an alert is about, apart from the cause: all findings of one subject and one cause are told once and then counted.</summary>
/// <param name="Environment">Such as <c>production</c>.</param>
/// <param name="Id">32 hexadecimal digits, the same for the same environment, kind, project, cluster, namespace, owner, image and change.</param>
internal sealed record AlertSubject(string Environment, string Id)
{
    /// <summary>The subject of a finding.</summary>
    public static AlertSubject Of(Finding finding, string environment)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] parts =
        [
            environment, finding.Kind.ToString(), finding.Source.Project, finding.Source.Place, finding.Namespace,
            finding.Workload.Length > 0 ? finding.Workload : finding.Principal,
            finding.Image ?? "", finding.Change?.Kind.ToString() ?? "", finding.Change?.Resource ?? "", finding.Change?.Method ?? "",
            // All of its words: an entry that somebody else wrote must not pass for one that was told already.
            .. finding.Audit is null ? Array.Empty<string>() : [finding.Message],
        ];
        foreach (var part in parts)
        {
            // The length first, so that no text can pass for the end of one part and the beginning of the next.
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return new AlertSubject(environment, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)));
    }
}
