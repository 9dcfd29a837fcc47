using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.Iam.Enforcement;
using Google.Cloud.Iam.V1;
using Grafeas.V1;
using Grpc.Core;
using Api = Google.Cloud.DevTools.ContainerAnalysis.V1;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>What Google adds to Grafeas: policies on notes and occurrences, and counts of vulnerabilities.</summary>
internal sealed class ContainerAnalysisService(NoteStore notes, OccurrenceStore occurrences, IamPolicies policies, Authorizer authorizer) : Api.ContainerAnalysis.ContainerAnalysisBase
{
    public override Task<Policy> GetIamPolicy(GetIamPolicyRequest request, ServerCallContext context)
    {
        CheckExists(request.Resource);
        return Task.FromResult(policies.Get(request.Resource));
    }

    public override Task<Policy> SetIamPolicy(SetIamPolicyRequest request, ServerCallContext context)
    {
        CheckExists(request.Resource);
        return Task.FromResult(policies.Set(request.Resource, request.Policy));
    }

    public override Task<TestIamPermissionsResponse> TestIamPermissions(TestIamPermissionsRequest request, ServerCallContext context) =>
        Task.FromResult(authorizer.Held(Principal.Of(context), request));

    /// <summary>One count per image and severity, and one per image in all, which has no severity.</summary>
    public override Task<Api.VulnerabilityOccurrencesSummary> GetVulnerabilityOccurrencesSummary(Api.GetVulnerabilityOccurrencesSummaryRequest request, ServerCallContext context)
    {
        var summary = new Api.VulnerabilityOccurrencesSummary();
        foreach (var image in occurrences.All(request.Parent, request.Filter, NoteKind.Vulnerability).GroupBy(occurrence => occurrence.ResourceUri).OrderBy(image => image.Key, StringComparer.Ordinal))
        {
            summary.Counts.Add(Count(image.Key, Severity.Unspecified, [.. image]));
            summary.Counts.AddRange(image.GroupBy(occurrence => occurrence.Vulnerability.EffectiveSeverity).Where(group => group.Key != Severity.Unspecified)
                .OrderBy(group => group.Key).Select(group => Count(image.Key, group.Key, [.. group])));
        }

        return Task.FromResult(summary);
    }

    private static Api.VulnerabilityOccurrencesSummary.Types.FixableTotalByDigest Count(string resourceUri, Severity severity, IReadOnlyCollection<Occurrence> vulnerabilities) => new()
    {
        ResourceUri = resourceUri,
        Severity = severity,
        FixableCount = vulnerabilities.Count(occurrence => occurrence.Vulnerability.FixAvailable),
        TotalCount = vulnerabilities.Count,
    };

    private void CheckExists(string resource)
    {
        if (resource.Contains("/notes/", StringComparison.Ordinal))
        {
            notes.Get(resource);
        }
        else
        {
            occurrences.Get(resource);
        }
    }
}
