namespace Bootstrapper.Registry;

/// <summary>How far the preloader is, for <c>/readyz</c>.</summary>
internal sealed class PreloadStatus
{
    private volatile PreloadProgress _progress = new(Total: 0, Arrived: 0, IsOver: false);

    public PreloadProgress Progress => _progress;

    public void Report(PreloadProgress progress) => _progress = progress;
}

/// <param name="Total">Images in the archives that could be read.</param>
/// <param name="Arrived">Of those, how many the registry has.</param>
/// <param name="IsOver">Whether all were tried once since the start; what is added later makes nobody wait.</param>
internal sealed record PreloadProgress(int Total, int Arrived, bool IsOver)
{
    /// <summary>Archives that could not be read, and images that could not be copied, each by name.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Images that nodes will ask for, and that are not in the registry.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    public bool IsReady => IsOver && Problems.Count == 0;
}
