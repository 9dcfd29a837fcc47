namespace BinAuthz.Alerting.Channels;

/// <summary>Which addresses a channel may post to, as far as the text tells; the rest is decided when connecting.</summary>
internal static class ChannelAddress
{
    /// <summary>Why not; null: it may. Plain http is left to <see cref="Dialler"/>, which lets it reach this machine only.</summary>
    public static string? Fault(Uri uri) =>
        uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp ? "is not an https address"
        : uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback ? "is not an https address; http is for this machine only"
        : uri.UserInfo.Length > 0 ? "holds a user or password"
        : uri.Fragment.Length > 0 ? "has a fragment, which is never sent"
        : null;
}
