namespace BinAuthz.Emulator;

/// <summary>Behaviour that Google does not document, or that depends on timing: each switch can be set while the emulator runs.</summary>
public sealed class EmulatorSwitches
{
    /// <summary>Whether a second attestation of the same note for the same resource URI answers ALREADY_EXISTS.</summary>
    public bool RefuseDuplicateAttestations { get; set; } = true;

    /// <summary>How long a new asymmetric key version stays in PENDING_GENERATION.</summary>
    public TimeSpan KeyGenerationTime { get; set; } = TimeSpan.Zero;

    /// <summary>The share of acknowledged Pub/Sub messages that are delivered once more, from 0 to 1.</summary>
    public double DuplicateDeliveries { get; set; }

    /// <summary>Whether Pub/Sub delivers messages that are waiting in a random order.</summary>
    public bool ReorderDeliveries { get; set; }

    /// <summary>Whether the CRC32C that Cloud KMS returns beside signatures and public keys are wrong, as after corruption in transit.</summary>
    public bool CorruptChecksums { get; set; }

    /// <summary>Whether pushes are written to the audit log, as with DATA_WRITE audit logs of Artifact Registry, which Google leaves off by default.</summary>
    public bool AuditPushes { get; set; } = true;

    /// <summary>Whether changes of policies, attestors and key versions are written to the audit log. Google cannot be told not to.</summary>
    public bool AuditAdminActivity { get; set; } = true;

    /// <summary>
    /// Whether calls are decided by allow policies. Who calls is named by the bearer token, an e-mail address; calls without one are the
    /// operator's and are always answered.
    /// </summary>
    public bool EnforceIam { get; set; }

    /// <summary>The permissions that testIamPermissions answers nobody holds, such as <c>cloudkms.cryptoKeyVersions.useToSign</c>. Calls are answered all the same, unless IAM is enforced and the caller named.</summary>
    public IReadOnlyList<string> WithheldPermissions { get; set; } = [];

    /// <summary>What the GKE API gives as <c>binaryAuthorization.evaluationMode</c> of every cluster.</summary>
    public string ClusterEvaluationMode { get; set; } = "PROJECT_SINGLETON_POLICY_ENFORCE";

    /// <summary>Whether GKE's admission webhook cannot reach Binary Authorization, so that pods are admitted unchecked.</summary>
    public bool BinaryAuthorizationUnavailable { get; set; }

    /// <summary>The longest that a controller of a cluster waits before it tries a refused pod again. It begins with 5 ms and doubles; Kubernetes ends at 1000 s.</summary>
    public TimeSpan LongestPodRetry { get; set; } = TimeSpan.FromSeconds(1000);

    /// <summary>How long admission in the clusters goes on judging with the keys that an attestor had before, up to an hour. What asks for the attestor sees its keys at once.</summary>
    public TimeSpan AttestorPropagation { get; set; } = TimeSpan.Zero;

    /// <summary>Whether UpdateOccurrence of an attestation answers INVALID_ARGUMENT. Whether Google allows it is not documented.</summary>
    public bool RefuseAttestationUpdates { get; set; }

    /// <summary>Whether asymmetric key versions that wait for their generation end in GENERATION_FAILED.</summary>
    public bool FailKeyGeneration { get; set; }

    /// <summary>How long AsymmetricSign still works with a version that was disabled or scheduled for destruction, which is eventually consistent (docs: kms/docs/enable-disable).</summary>
    public TimeSpan KeyDisableDelay { get; set; } = TimeSpan.Zero;

    /// <summary>How long policies refuse a service account that was just made: it does not exist for them yet (docs: iam/docs/service-accounts-create).</summary>
    public TimeSpan ServiceAccountPropagation { get; set; } = TimeSpan.Zero;

    internal void Take(EmulatorSwitches other)
    {
        RefuseDuplicateAttestations = other.RefuseDuplicateAttestations;
        KeyGenerationTime = other.KeyGenerationTime;
        DuplicateDeliveries = other.DuplicateDeliveries;
        ReorderDeliveries = other.ReorderDeliveries;
        CorruptChecksums = other.CorruptChecksums;
        AuditPushes = other.AuditPushes;
        AuditAdminActivity = other.AuditAdminActivity;
        EnforceIam = other.EnforceIam;
        WithheldPermissions = other.WithheldPermissions;
        ClusterEvaluationMode = other.ClusterEvaluationMode;
        BinaryAuthorizationUnavailable = other.BinaryAuthorizationUnavailable;
        LongestPodRetry = other.LongestPodRetry;
        AttestorPropagation = other.AttestorPropagation;
        RefuseAttestationUpdates = other.RefuseAttestationUpdates;
        FailKeyGeneration = other.FailKeyGeneration;
        KeyDisableDelay = other.KeyDisableDelay;
        ServiceAccountPropagation = other.ServiceAccountPropagation;
    }
}
