using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Docs;

/// <summary>A dashboard and alerts about metrics that there are not show nothing, and nobody notices.</summary>
public sealed partial class MetricsDocsTests
{
    /// <summary>Only there with children, and with a release on the disk.</summary>
    private static readonly string[] NotInTests =
        ["bootstrapper_service_ready", "bootstrapper_service_restarts_total", "bootstrapper_release_age_seconds"];

    [Theory]
    [InlineData("metrics.md")]
    [InlineData("metrics/alerts.yml")]
    [InlineData("metrics/dashboard.json")]
    public async Task Every_metric_that_a_page_names_is_there(string page)
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var machine = daemon.From("127.0.0.2");
        await machine.GetStringAsync("/install.sh", TestContext.Current.CancellationToken);
        using var report = await machine.PostAsync(
            "/api/v1/report/52:54:00:00:00:01",
            new FormUrlEncodedContent([new("state", "installing")]),
            TestContext.Current.CancellationToken);
        using var next = await machine.PostAsync(
            "/api/v1/report/52:54:00:00:00:01",
            new FormUrlEncodedContent([new("state", "installed")]),
            TestContext.Current.CancellationToken);
        await Eventually.True(async () => (await machine.GetStringAsync("/metrics", TestContext.Current.CancellationToken))
            .Contains("bootstrapper_sent_bytes_total", StringComparison.Ordinal));

        var metrics = await machine.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var named = Metric()
            .Matches(await File.ReadAllTextAsync(Path.Combine(Docs(), page), TestContext.Current.CancellationToken))
            .Select(match => match.Value)
            .Distinct(StringComparer.Ordinal)
            .Except(NotInTests, StringComparer.Ordinal)
            .ToList();
        Assert.True(named.Count > 3);
        Assert.All(named, name => Assert.Matches($@"(?m)^{name}[ {{]|^# TYPE {name} ", metrics));
    }

    [Fact]
    public void The_dashboard_is_JSON_with_panels_that_do_not_overlap()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs(), "metrics", "dashboard.json")));
        var cells = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(Cells).ToList();
        Assert.Equal(cells.Distinct(), cells);
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonElement panel)
    {
        var at = panel.GetProperty("gridPos");
        return from x in Enumerable.Range(at.GetProperty("x").GetInt32(), at.GetProperty("w").GetInt32())
               from y in Enumerable.Range(at.GetProperty("y").GetInt32(), at.GetProperty("h").GetInt32())
               select (x, y);
    }

    [Fact(
        SkipUnless = nameof(ExternalTools.PromtoolPresent), SkipType = typeof(ExternalTools), Skip = "promtool is not installed")]
    public Task The_alert_rules_are_rules_to_Prometheus() =>
        RealProgram.RunAsync("promtool", ["check", "rules", "--lint-fatal", Path.Combine(Docs(), "metrics", "alerts.yml")]);

    private static string Docs([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs");

    [GeneratedRegex("(?:bootstrapper|http_server)_[a-z_]+[a-z]")]
    private static partial Regex Metric();
}
