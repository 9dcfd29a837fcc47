using BinAuthz.Emulator.Iam.Enforcement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Storage;

/// <summary>Which permissions the methods of the JSON API need (docs: storage/docs/access-control/iam-json).</summary>
internal sealed class StorageAccess(Authorizer authorizer, ObjectStore objects)
{
    /// <summary>Lets a call through, or not.</summary>
    /// <exception cref="StorageException">403.</exception>
    public void Check(string principal, string method, HttpContext context)
    {
        if (!authorizer.Decides(principal))
        {
            return;
        }

        CheckedPermission[] needed = [.. Needed(method, context)];
        if (needed.Length == 0)
        {
            throw new StorageException(StatusCodes.Status403Forbidden, "forbidden", $"The emulator does not know which permission {method} needs, and enforces IAM: it is refused to {principal}.");
        }

        if (needed.FirstOrDefault(each => !authorizer.Holds(principal, each)) is { } lacking)
        {
            throw StorageException.Forbidden(principal, lacking.Permission);
        }
    }

    private IEnumerable<CheckedPermission> Needed(string method, HttpContext context)
    {
        var bucket = $"projects/_/buckets/{context.GetRouteValue("bucket")}";
        return method switch
        {
            "storage.buckets.list" => [new("storage.buckets.list", $"projects/{context.Request.Query["project"]}")],
            "storage.buckets.insert" => [new("storage.buckets.create", $"projects/{context.Request.Query["project"]}")],
            "storage.buckets.get" or "storage.buckets.getStorageLayout" => [new("storage.buckets.get", bucket)],
            "storage.buckets.patch" or "storage.buckets.lockRetentionPolicy" => [new("storage.buckets.update", bucket)],
            "storage.buckets.delete" or "storage.buckets.getIamPolicy" or "storage.buckets.setIamPolicy" => [new(method, bucket)],
            "storage.buckets.testIamPermissions" => [new(MethodPermissions.Nothing, bucket)],
            "storage.objects.list" => [new("storage.objects.list", bucket)],
            "storage.objects.get" => Get(StorageAddress.Of(context)),
            "storage.objects.insert" => Insert(context),
            "storage.objects.patch" or "storage.objects.update" => [new("storage.objects.update", Name(StorageAddress.Of(context)))],
            "storage.objects.delete" => [new("storage.objects.delete", Name(StorageAddress.Of(context)))],
            _ => [],
        };
    }

    // Only who may list is told that there is no such object; to others it is forbidden (docs: storage/docs/json_api/v1/status-codes).
    private IEnumerable<CheckedPermission> Get(StorageAddress address)
    {
        yield return new CheckedPermission("storage.objects.get", Name(address));
        if (!objects.Exists(address.Bucket, address.Object))
        {
            yield return new CheckedPermission("storage.objects.list", $"projects/_/buckets/{address.Bucket}");
        }
    }

    // The name is in the query, or in a body that has not been read: then only who may create any object may go on. What is
    // not created under the condition that there is nothing may replace something.
    private static IEnumerable<CheckedPermission> Insert(HttpContext context)
    {
        var name = $"projects/_/buckets/{StorageAddress.Of(context).Bucket}/objects/{context.Request.Query["name"]}";
        yield return new CheckedPermission("storage.objects.create", name);
        if (Preconditions.Of(context.Request).GenerationMatch != 0)
        {
            yield return new CheckedPermission("storage.objects.delete", name);
        }
    }

    private static string Name(StorageAddress address) => $"projects/_/buckets/{address.Bucket}/objects/{address.Object}";
}
