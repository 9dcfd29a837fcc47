namespace BinAuthz.GoogleCloud;

/// <summary>What has a policy.</summary>
internal enum IamResourceKind
{
    /// <summary>A project, whose policy holds for everything in it.</summary>
    Project,

    /// <summary>A key ring, whose policy holds for its keys.</summary>
    KeyRing,

    /// <summary>A key that signs for an attestor.</summary>
    Key,

    /// <summary>The key that signs reports.</summary>
    AuditKey,

    /// <summary>A note.</summary>
    Note,

    /// <summary>An attestor.</summary>
    Attestor,

    /// <summary>A project's Binary Authorization policy.</summary>
    Policy,

    /// <summary>A bucket.</summary>
    Bucket,

    /// <summary>A service account, whose policy says who may act as it.</summary>
    Identity,

    /// <summary>A repository of images.</summary>
    Repository,

    /// <summary>A Pub/Sub topic.</summary>
    Topic,

    /// <summary>A secret.</summary>
    Secret,

    /// <summary>A Cloud Run service.</summary>
    Service,
}
