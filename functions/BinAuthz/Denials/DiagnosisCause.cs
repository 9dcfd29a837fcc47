namespace BinAuthz.Denials;

/// <summary>Why it happened, as far as can be told now. The names are what programs read.</summary>
internal enum DiagnosisCause
{
    /// <summary>The attestor's note has no attestation of the digest.</summary>
    NotAttested,

    /// <summary>Attested, but by keys that the attestor does not list, or not any longer.</summary>
    KeyNoLongerTrusted,

    /// <summary>There are attestations, none of which verifies.</summary>
    InvalidAttestation,

    /// <summary>Attested under a note that none of the rule's attestors looks at.</summary>
    AttestedUnderAnotherNote,

    /// <summary>The digest is a platform's manifest of an index that is attested.</summary>
    ChildOfAttestedIndex,

    /// <summary>The approval policy refused to have it signed.</summary>
    RejectedByApproval,

    /// <summary>The registry has no such digest.</summary>
    DigestUnknown,

    /// <summary>Named by tag, which cannot be attested.</summary>
    TagInsteadOfDigest,

    /// <summary>A registry that is none of Google's, where nothing is signed.</summary>
    UnknownRegistry,

    /// <summary>The rule denies every image.</summary>
    AlwaysDeny,

    /// <summary>The rule names an attestor that does not exist.</summary>
    AttestorMissing,

    /// <summary>The attestor lists no keys.</summary>
    AttestorWithoutKeys,

    /// <summary>The policy admits the image now: it was attested, or the policy was changed, after the denial.</summary>
    AdmittedNow,

    /// <summary>Break-glass was used.</summary>
    BreakGlassUsed,

    /// <summary>The webhook did not answer.</summary>
    WebhookUnavailable,

    /// <summary>Binary Authorization could not check.</summary>
    CheckFailed,

    /// <summary>A running image violates a platform policy.</summary>
    PlatformPolicyViolated,

    /// <summary>A platform policy cannot be evaluated as it is configured.</summary>
    PlatformPolicyMisconfigured,

    /// <summary>What is trusted was changed.</summary>
    TrustChanged,

    /// <summary>A key version was revoked: what it attested is denied until it is approved anew.</summary>
    KeyRevoked,

    /// <summary>An audit found it; the detail says what.</summary>
    FoundByAudit,

    /// <summary>It cannot be told; the detail says what was in the way.</summary>
    Undetermined,
}
