namespace BinAuthz.Admission;

/// <summary>A container and its image as it is written.</summary>
/// <param name="Kind">Which list it stands in.</param>
/// <param name="Name">May be empty.</param>
/// <param name="Image">The text of the image; names are not completed.</param>
/// <param name="At">Where the image is written.</param>
internal sealed record WorkloadContainer(ContainerKind Kind, string Name, string Image, SourcePlace At);
