using System.CommandLine;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Cli.Commands;

/// <summary>Whose attestations count: an attestor by name, or that of an environment.</summary>
internal sealed class AttestorOptions
{
    private readonly Option<string?> attestor = new("--attestor") { Description = "projects/PROJECT/attestors/ID. Default: the attestor of --environment in --project.", HelpName = "name" };
    private readonly Option<string?> project = new("--project") { Description = "The attestor's project. Default: the project of the image.", HelpName = "id" };
    private readonly EnvironmentOption environment = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(attestor);
        command.Add(environment);
        command.Add(project);
    }

    /// <summary>Reads the attestor that was chosen.</summary>
    /// <exception cref="CommandException">There is no such attestor, or the command line does not name one.</exception>
    public async Task<Attestor> FindAsync(ParseResult arguments, ImageReference image, BinaryAuthorizationClient authorization, CancellationToken cancellationToken)
    {
        var name = Name(arguments, image);
        return await authorization.FindAttestorAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw CommandException.Usage($"There is no attestor {name}. Make it with `binauthz setup {name.Project} ENVIRONMENT`, or name another with --attestor.");
    }

    private AttestorName Name(ParseResult arguments, ImageReference image)
    {
        if (arguments.GetValue(attestor) is { } name)
        {
            return AttestorName.Parse(name);
        }

        var owner = arguments.GetValue(project)
            ?? (RepositoryPath.TryParse(image.Name, out var repository) ? repository.Project : null)
            ?? throw CommandException.Usage($"'{image}' does not tell the attestor's project. Give --project or --attestor.");
        return environment.Read(arguments).Attestor(owner);
    }
}
