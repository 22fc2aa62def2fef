using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>
/// Which node a request speaks of: a label makes a machine somebody only where it says nothing else of itself.
/// </summary>
[Trait("Category", "Slow")]
public sealed class NodeSelectionTests : IAsyncLifetime
{
    private const string Unknown = "mac=52-54-00-00-ff-03", OtherUuid = "uuid=4c4c4544-0051-3010-8052-b4c04f4e3239";

    private TestDaemon _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.StartAsync(Sample.Cluster(
        Labelled(1, ("arch", "arm64"), ("retry", "yes"), ("domain", "lab.test"), ("memory", "1"), ("rack", "a4"), ("row", "7")),
        Labelled(2, ("row", "7")),
        Known(3, "33221100-5544-7766-8899-aabbccddeeff"),
        Known(4, "00112233-4455-6677-8899-aabbccddeeff"),
        Known(5, "03020100-0504-0706-8899-aabbccddee05")) with
    {
        UnknownNodes = UnknownNodes.Discover,
    });

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Theory]
    [InlineData(OtherUuid + "&" + Unknown + "&serial=&arch=arm64")]
    [InlineData("arch=arm64")]
    [InlineData("retry=yes")]
    [InlineData("domain=lab.test")]
    [InlineData("memory=1")]
    [InlineData("rack=a4&" + Unknown)]
    [InlineData("rack=a4&" + OtherUuid)]
    [InlineData("rack=a4&serial=S-1")]
    [InlineData("row=7")]
    [InlineData("rack=a5")]
    public async Task A_machine_that_nobody_planned_is_not_a_node_because_of_a_label(string query) =>
        Assert.Contains("/discover.sh", await AskAsync(query), StringComparison.Ordinal);

    [Theory]
    [InlineData("rack=a4")]
    [InlineData("rack=a4&row=7")]
    [InlineData("rack=a4&arch=x86_64&retry=yes")]
    [InlineData("rack=a4&serial=&uuid=")]
    [InlineData("rack=a4&hostname=n9")]
    [InlineData("mac=52-54-00-00-00-01&row=9&arch=x86_64")]
    [InlineData("hostname=n1&rack=b1")]
    public async Task A_label_that_no_other_node_has_names_the_node_that_has_it(string query) =>
        Assert.Contains("/install.sh?mac=52:54:00:00:00:01 ", await AskAsync(query), StringComparison.Ordinal);

    /// <summary>Whatever writes it: a switch, a label, pxelinux, a loader that did not fill it in.</summary>
    [Theory]
    [InlineData("mac=01-52-54-00-00-00-01")]
    [InlineData("mac=5254.0000.0001")]
    [InlineData("mac=525400000001")]
    [InlineData("mac=0002.c903.001a.2b3c&hostname=n1")]
    [InlineData("mac=0002c903001a2b3c&hostname=n1")]
    [InlineData("mac=00-02-c9-03-00-1a-2b-3c&hostname=n1")]
    [InlineData("mac=$%7Bnet0/mac%7D&hostname=n1")]
    public async Task A_hardware_address_is_read_however_it_is_written(string query) =>
        Assert.Contains("/install.sh?mac=52:54:00:00:00:01 ", await AskAsync(query), StringComparison.Ordinal);

    /// <summary>Some firmware writes octets the other way round (SMBIOS 2.6, 7.2.1). Two that are so are two machines.</summary>
    [Theory]
    [InlineData("00112233-4455-6677-8899-aabbccddeeff", 4)]
    [InlineData("33221100-5544-7766-8899-aabbccddeeff", 3)]
    [InlineData("00010203-0405-0607-8899-aabbccddee05", 5)]
    [InlineData("03020100-0504-0706-8899-aabbccddee05", 5)]
    public async Task A_UUID_in_the_other_order_names_its_node_where_no_other_has_it(string uuid, int node) => Assert.Contains(
        $"/install.sh?mac=52:54:00:00:00:0{node} ", await AskAsync($"uuid={uuid}&{Unknown}"), StringComparison.Ordinal);

    [Fact]
    public async Task A_variable_that_was_not_filled_in_and_nothing_else_is_told()
    {
        using var nobody = _daemon.From("127.0.9.9");
        using var answer = await nobody.GetAsync("/ipxe?mac=$%7Bnet0/mac%7D", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static Node Known(int number, string uuid) => Sample.Node(number) with { Uuid = Guid.Parse(uuid) };

    private async Task<string> AskAsync(string query)
    {
        using var nobody = _daemon.From("127.0.9.9");
        return await nobody.GetStringAsync($"/ipxe?{query}", TestContext.Current.CancellationToken);
    }

    private static Node Labelled(int number, params (string Name, string Value)[] labels) => Sample.Node(number) with
    {
        Labels = labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal),
    };
}
