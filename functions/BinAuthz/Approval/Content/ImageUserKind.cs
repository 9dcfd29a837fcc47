namespace BinAuthz.Approval.Content;

/// <summary>What the user of an image is, as far as the configuration alone can tell.</summary>
internal enum ImageUserKind
{
    /// <summary>Root, by number, by name, or because none is named.</summary>
    Root,

    /// <summary>A number from 1 to 2147483647.</summary>
    Numeric,

    /// <summary>A name; which number it has stands in the image's own <c>/etc/passwd</c>.</summary>
    Named,

    /// <summary>Nothing that every runtime takes for the same user.</summary>
    Invalid,
}
