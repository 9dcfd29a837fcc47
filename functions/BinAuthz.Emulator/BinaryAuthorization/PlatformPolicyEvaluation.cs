using BinAuthz.Emulator.Rest;
using Grpc.Core;
using Verdict = BinAuthz.Emulator.Rest.EvaluateGkePolicyResponse.Types.Verdict;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Weighs a Kubernetes object against a platform policy of GKE: every image by the allowlists and by the one check set whose scope fits the pod.</summary>
internal sealed class PlatformPolicyEvaluation(PlatformPolicyStore policies, CheckEvaluator checks, DeployAttestations attestations) : Rest.PlatformPolicyEvaluation.PlatformPolicyEvaluationBase
{
    public override Task<EvaluateGkePolicyResponse> EvaluateGkePolicy(EvaluateGkePolicyRequest request, ServerCallContext context)
    {
        var policy = policies.Get(request.Name).GkePolicy;
        var pod = PodUnderTest.Read(request.Resource);
        var images = pod.Images.Select(image => Evaluate(policy, pod, image)).ToArray();
        var conformant = images.All(image => image.Verdict == ImageResult.Types.ImageVerdict.Conformant);
        var attested = conformant && request.AttestationMode == EvaluateGkePolicyRequest.Types.AttestationMode.GenerateDeploy;
        return Task.FromResult(new EvaluateGkePolicyResponse
        {
            Attestations = { attested ? attestations.For(request.Name, pod.Images) : [] },
            Verdict = conformant ? Verdict.Conformant : Verdict.NonConformant,
            Results =
            {
                new PodResult
                {
                    PodName = pod.Name,
                    KubernetesNamespace = pod.Namespace,
                    KubernetesServiceAccount = pod.ServiceAccount,
                    Verdict = conformant ? PodResult.Types.PodVerdict.Conformant : PodResult.Types.PodVerdict.NonConformant,
                    ImageResults = { images },
                },
            },
        });
    }

    private ImageResult Evaluate(GkePolicy policy, PodUnderTest pod, string image)
    {
        var result = new ImageResult { ImageUri = image, Verdict = ImageResult.Types.ImageVerdict.Conformant };
        if (Allowed(policy.ImageAllowlist, image) is { } allowed)
        {
            result.AllowlistResult = allowed;
            return result;
        }

        for (var index = 0; index < policy.CheckSets.Count; index++)
        {
            var set = policy.CheckSets[index];
            if (Covers(set.Scope, pod))
            {
                result.CheckSetResult = Evaluate(set, index, image, out var conformant);
                result.Verdict = conformant ? ImageResult.Types.ImageVerdict.Conformant : ImageResult.Types.ImageVerdict.NonConformant;
                return result;
            }
        }

        result.Explanation = "The policy has no check sets, which admits every image.";
        return result;
    }

    private CheckSetResult Evaluate(CheckSet set, int index, string image, out bool conformant)
    {
        var result = new CheckSetResult { Index = index, DisplayName = set.DisplayName, Scope = set.Scope };
        if (Allowed(set.ImageAllowlist, image) is { } allowed)
        {
            conformant = true;
            result.AllowlistResult = allowed;
            return result;
        }

        result.CheckResults = new CheckResults { Results = { set.Checks.Select((check, number) => Evaluate(check, number, image)) } };
        conformant = result.CheckResults.Results.All(check =>
            check.AllowlistResult is not null || check.EvaluationResult.Verdict == EvaluationResult.Types.CheckVerdict.Conformant);
        return result;
    }

    private CheckResult Evaluate(Check check, int index, string image)
    {
        var result = new CheckResult { Index = index, DisplayName = check.DisplayName, Type = check.CheckTypeCase.ToString() };
        if (Allowed(check.ImageAllowlist, image) is { } allowed)
        {
            result.AllowlistResult = allowed;
            return result;
        }

        var problem = checks.Problem(check, image);
        result.EvaluationResult = new EvaluationResult
        {
            Verdict = problem is null ? EvaluationResult.Types.CheckVerdict.Conformant : EvaluationResult.Types.CheckVerdict.NonConformant,
        };
        result.Explanation = problem ?? "";
        return result;
    }

    private static bool Covers(Scope? scope, PodUnderTest pod) => scope?.ScopeCase switch
    {
        Scope.ScopeOneofCase.KubernetesNamespace => scope.KubernetesNamespace == pod.Namespace,
        Scope.ScopeOneofCase.KubernetesServiceAccount => scope.KubernetesServiceAccount == $"{pod.Namespace}:{pod.ServiceAccount}",
        _ => true,
    };

    private static AllowlistResult? Allowed(ImageAllowlist? list, string image) =>
        list?.AllowPattern.FirstOrDefault(pattern => PlatformPatterns.CoversImage(pattern, image)) is { } pattern ? new AllowlistResult { MatchedPattern = pattern } : null;
}
