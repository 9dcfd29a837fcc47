using System.CommandLine;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Setup;

namespace BinAuthz.Cli.Commands;

/// <summary>Whose attestations count: an attestor by name, or that of an environment.</summary>
/// <param name="several">Whether more than one can be named.</param>
internal sealed class AttestorOptions(bool several = false)
{
    private readonly Option<string[]> attestor = new("--attestor")
    {
        Description = $"projects/PROJECT/attestors/ID{(several ? ", as often as there are attestors" : "")}. Default: the attestor of --environment in --project.",
        HelpName = "name",
        Arity = several ? ArgumentArity.ZeroOrMore : ArgumentArity.ZeroOrOne,
        // A list of at most one is not read on its own.
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
    };
    private readonly Option<string?> project = new("--project") { Description = "The attestor's project. Default: the project of the image.", HelpName = "id" };
    private readonly EnvironmentOption environment = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(attestor);
        command.Add(environment);
        command.Add(project);
    }

    /// <summary>The environment that was chosen.</summary>
    public DeploymentEnvironment ReadEnvironment(ParseResult arguments) => environment.Read(arguments);

    /// <summary>Reads the attestor that was chosen.</summary>
    /// <exception cref="CommandException">There is no such attestor, or the command line does not name one.</exception>
    public async Task<Attestor> FindAsync(ParseResult arguments, ImageReference image, BinaryAuthorizationClient authorization, CancellationToken cancellationToken) =>
        (await FindAllAsync(arguments, image, authorization, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Reads all attestors that were chosen; at least one.</summary>
    /// <exception cref="CommandException">There is no such attestor, or the command line does not name one.</exception>
    public Task<Attestor[]> FindAllAsync(ParseResult arguments, ImageReference image, BinaryAuthorizationClient authorization, CancellationToken cancellationToken) =>
        Task.WhenAll(Names(arguments, image).Select(name => FindAsync(name, authorization, cancellationToken)));

    private static async Task<Attestor> FindAsync(AttestorName name, BinaryAuthorizationClient authorization, CancellationToken cancellationToken) =>
        await authorization.FindAttestorAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw CommandException.Usage($"There is no attestor {name}. Make it with `binauthz setup {name.Project} ENVIRONMENT`, or name another with --attestor.");

    private AttestorName[] Names(ParseResult arguments, ImageReference image)
    {
        if (arguments.GetValue(attestor) is { Length: > 0 } names)
        {
            return [.. names.Select(AttestorName.Parse).Distinct()];
        }

        var owner = arguments.GetValue(project)
            ?? (RepositoryPath.TryParse(image.Name, out var repository) ? repository.Project : null)
            ?? throw CommandException.Usage($"'{image}' does not tell the attestor's project. Give --project or --attestor.");
        return [environment.Read(arguments).Attestor(owner)];
    }
}
