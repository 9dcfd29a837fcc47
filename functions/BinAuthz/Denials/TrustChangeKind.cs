namespace BinAuthz.Denials;

/// <summary>What was changed.</summary>
internal enum TrustChangeKind
{
    /// <summary>The project's policy, or a platform policy.</summary>
    Policy,

    /// <summary>An attestor was made or its keys were changed.</summary>
    Attestor,

    /// <summary>An attestor was deleted.</summary>
    AttestorDeleted,

    /// <summary>Who may do what with a note, an attestor, a policy or a key.</summary>
    Access,

    /// <summary>A key version was disabled.</summary>
    KeyDisabled,

    /// <summary>A key version was enabled.</summary>
    KeyEnabled,

    /// <summary>A key version is scheduled for destruction, or was destroyed.</summary>
    KeyDestroyed,

    /// <summary>A key version that was to be destroyed was restored; it is disabled now.</summary>
    KeyRestored,

    /// <summary>A key version lost its trust because others may have been able to sign with it.</summary>
    KeyRevoked,
}
