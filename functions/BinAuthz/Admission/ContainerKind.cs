namespace BinAuthz.Admission;

/// <summary>The list of a pod in which a container stands.</summary>
internal enum ContainerKind
{
    /// <summary><c>initContainers</c>.</summary>
    Init,

    /// <summary><c>containers</c>.</summary>
    Container,

    /// <summary><c>ephemeralContainers</c>.</summary>
    Ephemeral,
}
