namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>How gcloud is pointed at the emulator.</summary>
public enum GcloudMode
{
    /// <summary>Endpoint overrides that name 127.0.0.1: key ids name it too.</summary>
    Override,

    /// <summary>The emulator as an HTTP forward proxy: key ids are those of production.</summary>
    Proxy,
}
