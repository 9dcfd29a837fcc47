namespace BinAuthz.Setup;

/// <summary>On what a role is granted.</summary>
internal enum GrantTargetKind
{
    /// <summary>The project.</summary>
    Project,

    /// <summary>The key that signs for the attestor.</summary>
    Key,

    /// <summary>The key that signs reports.</summary>
    AuditKey,

    /// <summary>The attestor's note.</summary>
    Note,

    /// <summary>The attestor.</summary>
    Attestor,

    /// <summary>The evidence bucket.</summary>
    Bucket,

    /// <summary>Each repository of images.</summary>
    Repository,

    /// <summary>A topic.</summary>
    Topic,

    /// <summary>A secret, or each secret of the alert policy.</summary>
    Secret,

    /// <summary>A function's Cloud Run service.</summary>
    Service,
}
