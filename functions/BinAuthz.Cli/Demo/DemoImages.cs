using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Oci;
using BinAuthz.Images;

namespace BinAuthz.Cli.Demo;

/// <summary>Makes the images of the demo on disk and pushes them over the registry's API, as docker would.</summary>
internal sealed class DemoImages(HttpClient http, string directory)
{
    /// <summary>Makes an image.</summary>
    public Descriptor Make(string name, string message) => new ImageMaker(Directory.CreateDirectory(Layout(name)).FullName).MakeImage(message);

    /// <summary>Lets the emulated Cloud Build record where an image comes from.</summary>
    public Task BuildAsync(ImageReference image, BuildSource source, CancellationToken cancellationToken) => CloudBuild.RecordAsync(http, image.ToString(), source, cancellationToken);

    /// <summary>Pushes an image that was made.</summary>
    public async Task PushAsync(string name, string target, CancellationToken cancellationToken)
    {
        var to = ImageTarget.Parse(target);
        using var archive = await ImageArchive.OpenAsync(Layout(name), to.Tag, cancellationToken).ConfigureAwait(false);
        await new RegistryPush(http, archive, to).PushAsync(_ => { }, cancellationToken).ConfigureAwait(false);
    }

    private string Layout(string name) => Path.Combine(directory, name);
}
