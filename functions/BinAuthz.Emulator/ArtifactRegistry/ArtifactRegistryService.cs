using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.Iam.Enforcement;
using BinAuthz.Emulator.State;
using Google.Cloud.Iam.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Google.Cloud.ArtifactRegistry.V1;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>Artifact Registry over gRPC and REST: repositories and the images, versions and tags in them.</summary>
internal sealed partial class ArtifactRegistryService(RepositoryStore repositories, ImageStore images, DockerImages dockerImages, OperationStore operations, IamPolicies policies, Authorizer authorizer)
    : Api.ArtifactRegistry.ArtifactRegistryBase
{
    public override Task<Api.Repository> GetRepository(Api.GetRepositoryRequest request, ServerCallContext context) => Task.FromResult(repositories.Get(request.Name));

    public override Task<Api.ListRepositoriesResponse> ListRepositories(Api.ListRepositoriesRequest request, ServerCallContext context)
    {
        Refuse(request.Filter, request.OrderBy);
        var page = repositories.List(request.Parent, request.PageSize, request.PageToken);
        return Task.FromResult(new Api.ListRepositoriesResponse { Repositories = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Operation> CreateRepository(Api.CreateRepositoryRequest request, ServerCallContext context) =>
        Task.FromResult(operations.Done(request.Parent, repositories.Create(request.Parent, request.RepositoryId, request.Repository)));

    public override Task<Api.Repository> UpdateRepository(Api.UpdateRepositoryRequest request, ServerCallContext context) =>
        Task.FromResult(repositories.Update(request.Repository ?? new Api.Repository(), request.UpdateMask));

    public override Task<Operation> DeleteRepository(Api.DeleteRepositoryRequest request, ServerCallContext context)
    {
        repositories.Delete(request.Name);
        foreach (var package in images.ScanPackages(request.Name, "", int.MaxValue))
        {
            images.DeletePackage(package.Name);
        }

        return Task.FromResult(operations.Done(Location(request.Name), new Empty()));
    }

    public override Task<Api.DockerImage> GetDockerImage(Api.GetDockerImageRequest request, ServerCallContext context)
    {
        var version = DockerImageName().Replace(request.Name, "/packages/${image}/versions/${digest}");
        return Task.FromResult(dockerImages.Describe(FindVersion(version) ?? throw Errors.NotFound($"Docker image \"{request.Name}\" not found")));
    }

    public override Task<Api.ListDockerImagesResponse> ListDockerImages(Api.ListDockerImagesRequest request, ServerCallContext context)
    {
        Refuse("", request.OrderBy);
        repositories.Get(request.Parent);
        var length = Length(request.PageSize);
        var page = Cursor.Page(images.Scan(request.Parent, Cursor.Read(request.PageToken), length + 1), length, manifest => manifest.Name);
        return Task.FromResult(new Api.ListDockerImagesResponse { DockerImages = { page.Items.Select(dockerImages.Describe) }, NextPageToken = page.NextToken });
    }

    public override Task<Api.Package> GetPackage(Api.GetPackageRequest request, ServerCallContext context) => Task.FromResult(Package(request.Name));

    public override Task<Api.ListPackagesResponse> ListPackages(Api.ListPackagesRequest request, ServerCallContext context)
    {
        Refuse(request.Filter, request.OrderBy);
        repositories.Get(request.Parent);
        var length = Length(request.PageSize);
        var page = Cursor.Page(images.ScanPackages(request.Parent, Cursor.Read(request.PageToken), length + 1), length, package => package.Name);
        return Task.FromResult(new Api.ListPackagesResponse { Packages = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Operation> DeletePackage(Api.DeletePackageRequest request, ServerCallContext context)
    {
        images.DeletePackage(Package(request.Name).Name);
        return Task.FromResult(operations.Done(Location(request.Name), new Empty()));
    }

    public override Task<Api.Version> GetVersion(Api.GetVersionRequest request, ServerCallContext context) =>
        Task.FromResult(dockerImages.Version(Version(request.Name), request.View));

    public override Task<Api.ListVersionsResponse> ListVersions(Api.ListVersionsRequest request, ServerCallContext context)
    {
        Refuse(request.Filter, request.OrderBy);
        Package(request.Parent);
        var length = Length(request.PageSize);
        var page = Cursor.Page(images.ScanVersions(request.Parent, Cursor.Read(request.PageToken), length + 1), length, manifest => manifest.Name);
        return Task.FromResult(new Api.ListVersionsResponse { Versions = { page.Items.Select(manifest => dockerImages.Version(manifest, request.View)) }, NextPageToken = page.NextToken });
    }

    public override Task<Operation> DeleteVersion(Api.DeleteVersionRequest request, ServerCallContext context)
    {
        var version = Version(request.Name);
        if (!request.Force && images.TagsOf(version.Name) is { Count: > 0 } tags)
        {
            throw Errors.Precondition($"Version \"{version.Name}\" has tags ({string.Join(", ", tags.Select(tag => tag.Name[(tag.Name.LastIndexOf('/') + 1)..]))}); delete them first, or set force.");
        }

        if (images.HasParent(version.Name))
        {
            throw Errors.Precondition("manifest is referenced by parent manifests");
        }

        images.DeleteVersion(ImageLocation.OfResource(version.Name), version.Name[(version.Name.LastIndexOf('/') + 1)..]);
        return Task.FromResult(operations.Done(Location(request.Name), new Empty()));
    }

    public override Task<Api.Tag> GetTag(Api.GetTagRequest request, ServerCallContext context) =>
        Task.FromResult(images.FindTag(request.Name) ?? throw Errors.NotFound($"Tag \"{request.Name}\" not found"));

    public override Task<Api.ListTagsResponse> ListTags(Api.ListTagsRequest request, ServerCallContext context)
    {
        Package(request.Parent);
        Func<Api.Tag, bool> matches = _ => true;
        if (request.Filter.Length > 0)
        {
            var match = TagFilter().Match(request.Filter);
            var version = match.Success ? match.Groups["version"].Value : throw Errors.Invalid($"The filter is {request.Filter}; only version=\"NAME\" is supported for tags.");
            matches = tag => tag.Version == version;
        }

        var length = Length(request.PageSize);
        var page = Cursor.Page(images.ScanTags(request.Parent, Cursor.Read(request.PageToken), length + 1, matches), length, tag => tag.Name);
        return Task.FromResult(new Api.ListTagsResponse { Tags = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Api.Tag> CreateTag(Api.CreateTagRequest request, ServerCallContext context)
    {
        var image = ImageLocation.OfResource(request.Parent);
        if (images.FindTag(image.TagName(request.TagId)) is not null)
        {
            throw Errors.AlreadyExists($"Tag \"{image.TagName(request.TagId)}\" already exists");
        }

        return Task.FromResult(SetTag(image, request.TagId, request.Tag));
    }

    public override Task<Api.Tag> UpdateTag(Api.UpdateTagRequest request, ServerCallContext context)
    {
        var name = request.Tag?.Name ?? "";
        var current = images.FindTag(name) ?? throw Errors.NotFound($"Tag \"{name}\" not found");
        return Task.FromResult(SetTag(ImageLocation.OfResource(current.Name), name[(name.LastIndexOf('/') + 1)..], request.Tag));
    }

    public override Task<Empty> DeleteTag(Api.DeleteTagRequest request, ServerCallContext context)
    {
        var image = ImageLocation.OfResource(request.Name);
        return images.DeleteTag(image, request.Name[(request.Name.LastIndexOf('/') + 1)..]) ? Task.FromResult(new Empty()) : throw Errors.NotFound($"Tag \"{request.Name}\" not found");
    }

    public override Task<Policy> GetIamPolicy(GetIamPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Get(repositories.Get(request.Resource).Name));

    public override Task<Policy> SetIamPolicy(SetIamPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(policies.Set(repositories.Get(request.Resource).Name, request.Policy));

    public override Task<TestIamPermissionsResponse> TestIamPermissions(TestIamPermissionsRequest request, ServerCallContext context) =>
        Task.FromResult(authorizer.Held(Principal.Of(context), request));

    private Api.Tag SetTag(ImageLocation image, string id, Api.Tag? tag)
    {
        var version = Version(tag?.Version ?? "");
        var digest = version.Name[(version.Name.LastIndexOf('/') + 1)..];
        if (version.Name != image.VersionName(digest) || !TagId().IsMatch(id))
        {
            throw Errors.Invalid($"A tag of {image.PackageName} must point to a version of it, and consist of letters, digits, '_', '.' and '-'.");
        }

        return images.IsFixed(image, id, digest) ? throw Errors.Precondition($"Tag \"{id}\" cannot change: the repository has immutable tags.") : images.SetTag(image, id, digest);
    }

    private Api.Package Package(string name) => images.FindPackage(name) ?? throw Errors.NotFound($"Package \"{name}\" not found");

    private StoredManifest Version(string name) => FindVersion(name) ?? throw Errors.NotFound($"Version \"{name}\" not found");

    private StoredManifest? FindVersion(string name) =>
        VersionName().IsMatch(name) ? images.Find(ImageLocation.OfResource(name), name[(name.LastIndexOf('/') + 1)..]) : null;

    private static string Location(string name) => string.Join('/', name.Split('/').Take(4));

    private static int Length(int requested) => requested switch
    {
        < 0 => throw Errors.Invalid($"page_size is {requested}; it must not be negative."),
        0 => 100,
        _ => Math.Min(requested, 1000),
    };

    private static void Refuse(string filter, string orderBy)
    {
        if (filter.Length > 0 || orderBy.Length > 0)
        {
            throw Errors.Unimplemented("The emulator supports neither filter nor order_by in this list.");
        }
    }

    [GeneratedRegex(@"/dockerImages/(?<image>[^/@]+)@(?<digest>sha256:[0-9a-f]{64})\z")]
    private static partial Regex DockerImageName();

    [GeneratedRegex(@"/packages/[^/]+/versions/sha256:[0-9a-f]{64}\z")]
    private static partial Regex VersionName();

    [GeneratedRegex(@"\A\s*version\s*=\s*""(?<version>[^""]+)""\s*\z")]
    private static partial Regex TagFilter();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagId();
}
