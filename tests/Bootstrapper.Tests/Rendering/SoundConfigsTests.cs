using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Configs;

namespace Bootstrapper.Tests.Rendering;

/// <summary>Which of many nodes' configs are read at load, and which are known to be sound.</summary>
public sealed class SoundConfigsTests
{
    private readonly SoundConfigs _sound = new();

    [Fact]
    public void Configs_that_differ_in_who_the_node_is_are_read_once()
    {
        Assert.True(IsRead(Web, "hostname: web\n# 52:54:00:00:00:01 10.0.0.1"));
        Assert.False(IsRead(Db, "hostname: db\n# 52:54:00:00:00:02 10.0.0.2"));
    }

    [Fact]
    public void A_config_that_differs_in_anything_else_is_read()
    {
        Assert.True(IsRead(Web, "hostname: web\n"));
        Assert.True(IsRead(Db, "hostname:  db\n"));
    }

    [Fact]
    public void The_name_of_another_node_is_like_any_other_text()
    {
        Assert.True(IsRead(Web, "hostname: web\n"));
        Assert.True(IsRead(Db, "hostname: web\n"));
    }

    [Fact]
    public void A_name_where_the_other_config_has_an_address_is_read()
    {
        Assert.True(IsRead(Web, "path: /etc/web"));
        Assert.True(IsRead(Db, "path: /etc/10.0.0.2"));
    }

    [Fact]
    public void Every_node_with_an_unsound_config_is_told_of()
    {
        void Broken() => throw new FormatException();

        Assert.Throws<FormatException>(() => _sound.Check(Web, "- web", Broken));
        Assert.Throws<FormatException>(() => _sound.Check(Db, "- db", Broken));
    }

    private static Node Web { get; } = Of("web", 1);

    private static Node Db { get; } = Of("db", 2);

    private bool IsRead(Node node, string text)
    {
        var isRead = false;
        _sound.Check(node, text, () => isRead = true);
        return isRead;
    }

    private static Node Of(string name, byte number) => new()
    {
        HostName = name,
        Mac = MacAddress.Parse($"52:54:00:00:00:0{number}", provider: null),
        Ip = new IPAddress([10, 0, 0, number]),
        Channel = "stable",
    };
}
