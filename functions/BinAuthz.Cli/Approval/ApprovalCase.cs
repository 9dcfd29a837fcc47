using BinAuthz.Approval;
using BinAuthz.Images;

namespace BinAuthz.Cli.Approval;

/// <summary>One case: an image, what is known of it, and what the policy is expected to say. Files are full paths.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Policy">The attestor's part of the policy that decides.</param>
/// <param name="Image">The image by digest.</param>
/// <param name="Expected"><c>approved</c>, <c>rejected</c> or <c>not-ready</c>.</param>
internal sealed record ApprovalCase(string Name, AttestorPolicy Policy, ImageReference Image, string Expected)
{
    /// <summary>When it is weighed; null: now.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>When the registry got the image.</summary>
    public DateTimeOffset? Uploaded { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Files of occurrences, as Container Analysis' REST API or gcloud print them.</summary>
    public IReadOnlyList<string> Occurrences { get; init; } = [];

    /// <summary>Files of OCI image configurations.</summary>
    public IReadOnlyList<string> Configurations { get; init; } = [];

    /// <summary>Files of attestors, as Binary Authorization's REST API or gcloud print them.</summary>
    public IReadOnlyList<string> Attestors { get; init; } = [];

    /// <summary>Files of audit entries that tell who pushed.</summary>
    public IReadOnlyList<string> Pushes { get; init; } = [];

    /// <summary>The public keys that Cloud KMS would hand out, by key version name.</summary>
    public IReadOnlyDictionary<string, CaseKey> Keys { get; init; } = new Dictionary<string, CaseKey>();

    /// <summary>Codes that must be among the results.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];
}
