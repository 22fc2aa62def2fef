using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

public sealed class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_machines_do_is_counted()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)));
        using var machine = daemon.From("127.0.0.2");
        using var stranger = daemon.From("127.0.9.9");
        var script = await machine.GetByteArrayAsync("/install.sh", Cancellation);
        foreach (var state in new[] { "installing", "installed" })
        {
            using var answer = await machine.PostAsync(
                "/api/v1/report/52:54:00:00:00:01", new FormUrlEncodedContent([new("state", state)]), Cancellation);
        }

        using var refused = await stranger.GetAsync("/cloud-config/52:54:00:00:00:01", Cancellation);
        await Eventually.True(async () =>
            (await SamplesAsync(machine)).ContainsKey("""bootstrapper_sent_bytes_total{kind="http"}"""));

        var samples = await SamplesAsync(machine);
        Assert.Equal(1, samples["""bootstrapper_nodes{state="installed"}"""]);
        Assert.Equal(1, samples["""bootstrapper_nodes{state="configured"}"""]);
        Assert.Equal(0, samples["""bootstrapper_nodes{state="failed"}"""]);
        Assert.Equal(1, samples["""bootstrapper_events_total{kind="refusal"}"""]);
        Assert.Equal(2, samples["""bootstrapper_events_total{kind="state"}"""]);
        Assert.InRange(samples["""bootstrapper_sent_bytes_total{kind="http"}"""], script.Length, double.MaxValue);
        Assert.Equal(1, samples["""bootstrapper_phase_seconds_bucket{state="installing",le="+Inf"}"""]);
        Assert.InRange(
            samples["""bootstrapper_certificate_not_after_seconds{certificate="bootstrapper"}"""],
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            double.MaxValue);
        Assert.InRange(samples["bootstrapper_disk_free_bytes"], 1, double.MaxValue);
        Assert.Contains(samples.Keys, name => name.StartsWith("dotnet_gc_collections_total", StringComparison.Ordinal));
        Assert.Contains(samples.Keys, name => name.StartsWith(
            "http_server_request_duration_seconds_bucket",
            StringComparison.Ordinal) && name.Contains("install.sh", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Which_version_runs_is_a_metric_and_no_machine_is_named()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var client = daemon.From("127.0.0.2");
        var text = await client.GetStringAsync("/metrics", Cancellation);
        Assert.Contains($"bootstrapper_build_info{{version=\"{ProgramVersion.Text}\"}} 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"n1\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("52:54", text, StringComparison.Ordinal);
    }

    [Fact(
        SkipUnless = nameof(ExternalTools.PromtoolPresent), SkipType = typeof(ExternalTools), Skip = "promtool is not installed")]
    public async Task Prometheus_own_tool_finds_no_fault_with_them()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var machine = daemon.From("127.0.0.2");
        await machine.GetStringAsync("/install.sh", Cancellation);
        await Eventually.True(async () =>
            (await SamplesAsync(machine)).ContainsKey("""bootstrapper_sent_bytes_total{kind="http"}"""));
        var promtool = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(promtool)!;
        var said = process.StandardError.ReadToEndAsync(Cancellation);
        var text = await machine.GetStringAsync("/metrics", Cancellation);
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();

        Assert.DoesNotMatch(@"(?m)^# TYPE \S+_total gauge|^# TYPE dotnet_thread_pool_(thread|queue)\S+ counter", text);
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(Cancellation) + await said);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<Dictionary<string, double>> SamplesAsync(HttpClient client) =>
        (await client.GetStringAsync("/metrics", Cancellation)).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .ToDictionary(
                line => line[..line.LastIndexOf(' ')].Replace("{}", "", StringComparison.Ordinal),
                line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
}
