using System.Net;
using System.Net.Sockets;
using Bootstrapper.Host;

namespace Bootstrapper.Images.Downloads;

/// <summary>
/// Fetches files over HTTP through whatever proxy the environment names, and does not give up when a connection breaks: it
/// waits a little and goes on where it stopped.
/// </summary>
internal sealed class Downloader(HttpClient http, TimeProvider time, Backoff backoff)
{
    /// <summary>In a row, without a byte gained.</summary>
    private const int MostFailures = 5;

    /// <summary>Stream descriptions have some tens of KiB.</summary>
    private const long LargestText = 4 * 1024 * 1024;

    /// <summary>A server from which nothing comes for so long is as good as dead.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Waits for servers only as long as our own patience lasts. The proxy is HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, but for
    /// NO_PROXY.
    /// </summary>
    public static Downloader Create(TimeProvider time)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("bootstrapper");
        return new Downloader(http, time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));
    }

    /// <summary>
    /// What is at <paramref name="file"/> from an earlier attempt is kept where the server's file is still the same.
    /// </summary>
    /// <exception cref="DownloadException">The server has no such file, or failed too often.</exception>
    /// <exception cref="DiskException">The disk is full, or refuses.</exception>
    public Task FetchAsync(Uri from, string file, IProgress<FileProgress> progress, CancellationToken cancellation) =>
        PersistAsync(
            from,
            async patience =>
            {
                using var partial = PartialFile.Open(file);
                await new Transfer(http, from, partial, Path.GetFileName(file), progress).RunAsync(patience);
                return true;
            },
            () => new FileInfo(file) is { Exists: true } partial ? partial.Length : 0,
            cancellation);

    /// <summary>A short text.</summary>
    /// <exception cref="DownloadException">The server has none, or failed too often.</exception>
    public Task<string> ReadAsync(Uri from, CancellationToken cancellation) => PersistAsync(
        from,
        async patience =>
        {
            using var response = await http.GetAsync(from, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(LargestText, patience.Token);
            return await response.Content.ReadAsStringAsync(patience.Token);
        },
        () => 0,
        cancellation);

    private async Task<T> PersistAsync<T>(
        Uri from, Func<Patience, Task<T>> attempt, Func<long> received, CancellationToken cancellation)
    {
        for (var failures = 1; ; failures++)
        {
            var before = received();
            using var patience = new Patience(LongestSilence, cancellation);
            try
            {
                return await attempt(patience);
            }
            catch (Exception failure) when (failure is HttpRequestException or SocketException
                or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                failures = received() > before ? 1 : failures;
                if (failures >= MostFailures || IsFinal(failure))
                {
                    throw new DownloadException(from, Reason(failure), (failure as HttpRequestException)?.StatusCode, failure);
                }

                await Task.Delay(backoff.After(failures, Random.Shared.NextDouble()), time, cancellation);
            }
        }
    }

    /// <summary>Whether asking again gives the same answer.</summary>
    private static bool IsFinal(Exception failure) => failure is HttpRequestException { StatusCode: { } status }
        && (int)status < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { StatusCode: { } status } => $"the server answers {(int)status}",
        OperationCanceledException => $"no data for {LongestSilence.TotalSeconds:0} s",
        { InnerException: { } inner } => $"{failure.Message} ({inner.Message})",
        _ => failure.Message,
    };
}
