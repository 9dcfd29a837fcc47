using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>The patterns by which an image is admitted before any rule is asked.</summary>
internal static class Exemption
{
    /// <summary>The pattern that admits the image, or null. The text is matched as it is written: names are not completed.</summary>
    public static AdmissionBasis? Find(AdmissionPolicy policy, IReadOnlyList<ImagePattern> systemPatterns, string image)
    {
        if (policy.UsesSystemPolicy && systemPatterns.FirstOrDefault(pattern => pattern.Matches(image)) is { } system)
        {
            return new AdmissionBasis(AdmissionRuleKind.SystemPolicy, system.ToString());
        }

        return policy.AllowList.FirstOrDefault(pattern => pattern.Matches(image)) is { } allowed ? new AdmissionBasis(AdmissionRuleKind.AllowList, allowed.ToString()) : null;
    }
}
