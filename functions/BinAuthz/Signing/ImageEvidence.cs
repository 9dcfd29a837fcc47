using BinAuthz.Approval;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Signing;

/// <summary>What was read about an image.</summary>
/// <param name="Registered">The registry's word; null: it has no such digest.</param>
/// <param name="Facts">What the rules weigh.</param>
internal sealed record ImageEvidence(RegistryImage? Registered, ImageFacts Facts);
