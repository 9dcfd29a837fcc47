using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;
using Api = Google.Cloud.ArtifactRegistry.V1;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>Docker repositories. A push makes the one that it needs.</summary>
internal sealed partial class RepositoryStore(EmulatorStore store, TimeProvider time)
{
    private readonly Table<Api.Repository> repositories = store.Table("artifact-repository", Api.Repository.Parser);

    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND.</exception>
    public Api.Repository Get(string name) => repositories.Find(name) ?? throw Missing(name);

    public bool HasImmutableTags(string name) => repositories.Find(name)?.DockerConfig?.ImmutableTags == true;

    public Page<Api.Repository> List(string parent, int pageSize, string pageToken) => Page.Of(repositories.List($"{parent}/repositories"), pageSize, pageToken);

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT, UNIMPLEMENTED, ALREADY_EXISTS.</exception>
    public Api.Repository Create(string parent, string id, Api.Repository? repository)
    {
        var format = repository?.Format ?? Api.Repository.Types.Format.Unspecified;
        if (!IdPattern().IsMatch(id))
        {
            throw Errors.Invalid($"repository_id is \"{id}\"; it must begin with a letter and have at most 63 lower-case letters, digits and '-'.");
        }

        if (format == Api.Repository.Types.Format.Unspecified)
        {
            throw Errors.Invalid("The repository has no format; DOCKER is expected.");
        }

        if (format != Api.Repository.Types.Format.Docker)
        {
            throw Errors.Unimplemented($"The emulator has repositories of format DOCKER only, not {format}.");
        }

        var created = Describe(repository!.Clone(), $"{parent}/repositories/{id}");
        return repositories.TryAdd(created.Name, created) ? created : throw Errors.AlreadyExists("the repository already exists");
    }

    /// <summary>The repository of an image that is being pushed.</summary>
    public void Ensure(ImageLocation image)
    {
        if (repositories.Find(image.RepositoryName) is null)
        {
            repositories.TryAdd(image.RepositoryName, Describe(new Api.Repository { Format = Api.Repository.Types.Format.Docker }, image.RepositoryName));
        }
    }

    public Api.Repository Update(Api.Repository repository, FieldMask? mask) => repositories.Update(repository.Name, current =>
    {
        var changed = Masks.Apply(current, repository, mask);
        (changed.Name, changed.Format, changed.Mode) = (current.Name, current.Format, current.Mode);
        (changed.CreateTime, changed.RegistryUri) = (current.CreateTime, current.RegistryUri);
        changed.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        return changed;
    }) ?? throw Missing(repository.Name);

    public void Delete(string name)
    {
        if (!repositories.Remove(name))
        {
            throw Missing(name);
        }
    }

    private Api.Repository Describe(Api.Repository repository, string name)
    {
        var parts = name.Split('/');
        repository.Name = name;
        repository.Mode = Api.Repository.Types.Mode.StandardRepository;
        repository.CreateTime = repository.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        repository.RegistryUri = $"{parts[3]}-docker.pkg.dev/{parts[1]}/{parts[^1]}";
        return repository;
    }

    private static Grpc.Core.RpcException Missing(string name) => Errors.NotFound($"Repository \"{name}\" not found");

    [GeneratedRegex(@"\A[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex IdPattern();
}
