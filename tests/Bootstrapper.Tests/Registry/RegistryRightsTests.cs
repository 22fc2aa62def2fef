using Bootstrapper.Cluster;
using Bootstrapper.Registry.Tokens;
using Bootstrapper.Tests.Support;
using FsCheck;

namespace Bootstrapper.Tests.Registry;

/// <summary>Who may do what, by what they ask for. The description names bootstrapper:5000/tools/mine.</summary>
public sealed class RegistryRightsTests
{
    private const string Everything = "pull,push,delete";

    private static readonly ClusterDescription Cluster = Sample.Cluster() with
    {
        Images = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["mine"] = "bootstrapper:5000/tools/mine:1",
            ["theirs"] = "registry:5001/tool:1",
        },
    };

    public static TheoryData<string> Protected =>
    [
        "registry.k8s.io/kube-apiserver", "registry.k8s.io/anything", "registry.k8s.io", "ghcr.io/flannel-io/flannel",
        "tools/mine", "registry_5001/tool", "docker.io/library/hello", "not.in.the.description/a", "other_5000/a", "localhost/a",
    ];

    [Theory]
    [InlineData(nameof(RegistryRole.Stranger), "")]
    [InlineData(nameof(RegistryRole.Machine), "pull")]
    [InlineData(nameof(RegistryRole.Viewer), "pull")]
    [InlineData(nameof(RegistryRole.Operator), Everything)]
    [InlineData(nameof(RegistryRole.Admin), Everything)]
    [InlineData(nameof(RegistryRole.Program), Everything)]
    public void Other_names_are_the_operators_own(string role, string allowed) =>
        Assert.Equal(allowed, Granted(Cluster, role, $"repository:team/hello:{Everything}"));

    [Theory]
    [MemberData(nameof(Protected))]
    public void What_nodes_run_from_is_written_by_admins_and_ourselves_alone(string repository)
    {
        foreach (var cluster in new[] { Cluster, Cluster with { RegistryPush = RegistryPush.Open } })
        {
            var scope = $"repository:{repository}:{Everything}";
            Assert.Equal("", Granted(cluster, nameof(RegistryRole.Stranger), scope));
            Assert.Equal("pull", Granted(cluster, nameof(RegistryRole.Machine), scope));
            Assert.Equal("pull", Granted(cluster, nameof(RegistryRole.Operator), scope));
            Assert.Equal(Everything, Granted(cluster, nameof(RegistryRole.Admin), scope));
            Assert.Equal(Everything, Granted(cluster, nameof(RegistryRole.Program), scope));
        }
    }

    [Theory]
    [InlineData(nameof(RegistryRole.Stranger), "")]
    [InlineData(nameof(RegistryRole.Machine), "pull,push")]
    [InlineData(nameof(RegistryRole.Viewer), "pull")]
    public void An_open_registry_takes_pushes_of_machines_and_deletes_nothing_for_them(string role, string allowed) =>
        Assert.Equal(
            allowed,
            Granted(Cluster with { RegistryPush = RegistryPush.Open }, role, $"repository:team/hello:{Everything}"));

    [Theory]
    [InlineData(nameof(RegistryRole.Operator), "")]
    [InlineData(nameof(RegistryRole.Admin), "*")]
    public void The_catalog_is_for_admins(string role, string allowed) =>
        Assert.Equal(allowed, Granted(Cluster, role, "registry:catalog:*"));

    [Theory]
    [InlineData(nameof(RegistryRole.Admin), "pull,delete")]
    [InlineData(nameof(RegistryRole.Program), Everything)]
    public void While_the_disk_is_short_only_the_program_itself_pushes(string role, string allowed)
    {
        var rights = new RegistryRights(Cluster, shortage: "full");
        Assert.Equal(allowed, Actions(rights.Grant(
            Asker(role), RegistryScope.Parse([$"repository:team/hello:{Everything}"]), (_, _, _) => { })));
    }

    [Fact]
    public void Of_several_names_each_is_granted_what_is_allowed_of_it()
    {
        var granted = new RegistryRights(Cluster, shortage: null).Grant(
            Asker(nameof(RegistryRole.Operator)),
            RegistryScope.Parse(["repository:team/hello:push registry:catalog:*", "repository:registry.k8s.io/pause:pull,push"]),
            (_, _, _) => { });
        Assert.Equal(["team/hello", "registry.k8s.io/pause"], granted.Select(scope => scope.Name));
        Assert.Equal("push,pull", Actions(granted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("repository:team/hello")]
    [InlineData("repository::pull")]
    [InlineData("repository:team//hello:pull")]
    [InlineData("repository:../registry.k8s.io/pause:push")]
    [InlineData("repository:Registry.k8s.io/pause:push")]
    [InlineData("repository:registry.k8s.io:5000/pause:push")]
    [InlineData("repository:team/hello:Push,admin,")]
    [InlineData("repository(plugin):team/hello:pull")]
    [InlineData("registry:catalog:pull")]
    [InlineData("registry:other:*")]
    [InlineData("repository:team/hello\n:pull")]
    public void A_scope_that_names_nothing_there_can_be_grants_nothing(string scope) =>
        Assert.Equal("", Granted(Cluster, nameof(RegistryRole.Admin), scope));

    [Fact]
    public void Whatever_is_asked_nobody_without_a_login_writes_and_nothing_is_thrown() =>
        FsCheck.Fluent.Prop.ForAll<string[]>(texts =>
            !Granted(Cluster, nameof(RegistryRole.Machine), [.. texts ?? []]).Contains("push", StringComparison.Ordinal))
            .QuickCheckThrowOnFailure();

    private static string Granted(ClusterDescription cluster, string role, params string[] scopes) =>
        Actions(new RegistryRights(cluster, shortage: null)
            .Grant(Asker(role), RegistryScope.Parse(scopes), (_, _, _) => { }));

    private static string Actions(IEnumerable<RegistryScope> scopes) =>
        string.Join(',', scopes.SelectMany(scope => scope.Actions));

    private static RegistryAsker Asker(string role) => new("somebody", Enum.Parse<RegistryRole>(role));
}
