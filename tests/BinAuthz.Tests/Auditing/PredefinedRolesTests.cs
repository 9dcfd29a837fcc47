using BinAuthz.Auditing.Facts;

namespace BinAuthz.Tests.Auditing;

public sealed class PredefinedRolesTests
{
    [Theory]
    [InlineData("roles/cloudkms.signer", WatchedPermission.Sign)]
    [InlineData("roles/container.cloudKmsKeyUser", WatchedPermission.Sign)]
    [InlineData("roles/containeranalysis.notes.editor", WatchedPermission.Attach)]
    [InlineData("roles/containeranalysis.editor", WatchedPermission.Attach)]
    [InlineData("roles/binaryauthorization.attestorsEditor", WatchedPermission.UpdateAttestor)]
    [InlineData("roles/binaryauthorization.policyEditor", WatchedPermission.UpdatePolicy)]
    [InlineData("roles/storage.objectUser", WatchedPermission.DeleteObject)]
    [InlineData("roles/iam.workloadIdentityUser", WatchedPermission.TakeToken)]
    [InlineData("roles/viewer")]
    [InlineData("roles/cloudkms.publicKeyViewer")]
    [InlineData("roles/containeranalysis.occurrences.editor")]
    [InlineData("roles/storage.objectCreator")]
    [InlineData("roles/pubsub.publisher")]
    public void Find_KnownRole_TellsWhatItHolds(string role, params string[] permissions) => Assert.Equal(permissions, PredefinedRoles.Find(role)!);

    [Theory]
    [InlineData("roles/owner", "roles/admin")]
    [InlineData("roles/editor", "roles/writer")]
    public void Find_BasicRoles_HoldTheSameByTheirNewName(string role, string renamed) => Assert.Equal(PredefinedRoles.Find(role)!, PredefinedRoles.Find(renamed)!);

    [Fact]
    public void Find_Editor_NeitherSignsNorSharesNorDestroys()
    {
        var editor = PredefinedRoles.Find("roles/editor")!;

        Assert.All(
            [WatchedPermission.Sign, WatchedPermission.DestroyVersion, WatchedPermission.ShareKey, WatchedPermission.ShareProject, WatchedPermission.SharePolicy],
            permission => Assert.DoesNotContain(permission, editor));
        Assert.All([WatchedPermission.UpdatePolicy, WatchedPermission.UpdateAttestor, WatchedPermission.Attach, WatchedPermission.ActAs], permission => Assert.Contains(permission, editor));
        Assert.Superset(editor.ToHashSet(), PredefinedRoles.Find("roles/owner")!.ToHashSet());
    }

    [Theory]
    [InlineData("roles/cloudkms.new")]
    [InlineData("roles/binaryauthorization.new")]
    [InlineData("roles/containeranalysis.new")]
    [InlineData("roles/storage.new")]
    [InlineData("roles/run.serviceAgent")]
    [InlineData("roles/containeranalysis.ServiceAgent")]
    public void Find_UnknownRoleThatMayMatter_IsNotKnown(string role) => Assert.Null(PredefinedRoles.Find(role));

    [Theory]
    [InlineData("roles/owner", false)]
    [InlineData("projects/p/roles/x", true)]
    [InlineData("organizations/1/roles/x", true)]
    public void IsCustom_Names_AreTold(string role, bool expected) => Assert.Equal(expected, PredefinedRoles.IsCustom(role));
}
