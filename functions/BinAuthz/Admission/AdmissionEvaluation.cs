namespace BinAuthz.Admission;

/// <summary>How a rule judges images.</summary>
internal enum AdmissionEvaluation
{
    /// <summary>ALWAYS_ALLOW.</summary>
    AlwaysAllow,

    /// <summary>REQUIRE_ATTESTATION.</summary>
    RequireAttestation,

    /// <summary>ALWAYS_DENY.</summary>
    AlwaysDeny,
}
