using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>How signing an image ended. Whatever may end otherwise later, such as an API that does not answer, is an exception instead.</summary>
internal abstract record SigningOutcome(ImageReference Image, AttestorName Attestor)
{
    /// <summary>The word for logs and programs, such as <c>signed</c>.</summary>
    public abstract string Code { get; }

    /// <summary>What a person reads: which attestations were made, or what is wrong or missing and what mends it.</summary>
    public abstract string Detail { get; }

    /// <summary>What every rule said; empty when none was asked.</summary>
    public IReadOnlyList<RuleResult> Rules { get; init; } = [];

    /// <summary>Attested now.</summary>
    public sealed record Signed(ImageReference Image, AttestorName Attestor, KeyVersionName Key, IReadOnlyList<StoredAttestation> Stored) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "signed";

        public override string Detail => $"by {Key}: {string.Join(", ", Stored.Select(each => $"{each.Image.Digest} in {each.Occurrence}"))}";
    }

    /// <summary>Valid attestations by a key that the attestor trusts were there before.</summary>
    public sealed record AlreadySigned(ImageReference Image, AttestorName Attestor) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "already_signed";

        public override string Detail => "by a key that the attestor trusts";
    }

    /// <summary>The approval policy says yes, and is in a dry run: nothing was signed.</summary>
    public sealed record WouldSign(ImageReference Image, AttestorName Attestor) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "would_sign";

        public override string Detail => "the approval policy is in a dry run, and says yes";
    }

    /// <summary>The approval policy says no.</summary>
    public sealed record Rejected(ImageReference Image, AttestorName Attestor) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "rejected";

        public override string Detail => Say(Rules);
    }

    /// <summary>Evidence is missing. The event that brings it signs the image.</summary>
    public sealed record NotReady(ImageReference Image, AttestorName Attestor) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "not_ready";

        public override string Detail => Say(Rules);
    }

    /// <summary>The digest is no container image, or is gone: there is nothing to sign.</summary>
    public sealed record NotAnImage(ImageReference Image, AttestorName Attestor, string Reason) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "not_an_image";

        public override string Detail => Reason;
    }

    /// <summary>Attested anew by another key version, for the sake of an attestation that was valid. Approval was not weighed.</summary>
    public sealed record Resigned(ImageReference Image, AttestorName Attestor, KeyVersionName Key, StoredAttestation Stored, ResignedFrom From) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "resigned";

        public override string Detail => $"by {Key} in {Stored.Occurrence}, from {From.KeyVersion} in {From.Occurrence}; approval was not weighed again";
    }

    /// <summary>It was to be signed anew, and no attestation of it is valid: nothing was signed.</summary>
    public sealed record NotAttested(ImageReference Image, AttestorName Attestor) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "not_attested";

        public override string Detail => "no attestation of it verifies with a key that the attestor trusts, so nothing was signed anew; `binauthz sign` weighs it";
    }

    /// <summary>Attestations were deleted that had been made for the sake of one by a version that was revoked since.</summary>
    public sealed record Withdrawn(ImageReference Image, AttestorName Attestor, KeyVersionName Revoked, IReadOnlyList<string> Occurrences) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "withdrawn";

        public override string Detail => $"signed anew for the sake of an attestation that others may have made with {Revoked}; deleted: {string.Join(", ", Occurrences)}; `binauthz sign` weighs it";
    }

    /// <summary>It was to be signed anew, and may not be.</summary>
    public sealed record NotResigned(ImageReference Image, AttestorName Attestor, string Reason) : SigningOutcome(Image, Attestor)
    {
        public override string Code => "not_resigned";

        public override string Detail => Reason;
    }

    private static string Say(IReadOnlyList<RuleResult> rules) => string.Join(
        ' ', rules.Where(rule => rule.Verdict != RuleVerdict.Satisfied).Select(rule => $"[{rule.Code}] {rule.Reason} {rule.Remedy}".TrimEnd()));
}
