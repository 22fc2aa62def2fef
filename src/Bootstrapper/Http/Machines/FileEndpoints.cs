using Bootstrapper.Http.Ancestors;
using Bootstrapper.Model;
using Microsoft.Extensions.FileProviders;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// OS images and whatever else the operator put under <c>www/</c>, the public signing keys and the boot loaders: ranges, ETag,
/// If-Range and HEAD, because a machine with a bad cable resumes.
/// </summary>
internal static class FileEndpoints
{
    private const string AssetsPath = "/assets";

    public static void UseFiles(this IApplicationBuilder app, Bsroot bsroot)
    {
        app.UseStaticFiles(Options(bsroot.Www, path: ""));
        app.UseStaticFiles(Options(bsroot.SigningKeys, "/signing-keys"));
        app.UseStaticFiles(Options(bsroot.TftpRoot, Urls.LoadersPath));
        UseMatchboxAssets(app, Path.Combine(bsroot.Matchbox, "assets"));
    }

    /// <summary>Directories are listed there, as matchbox does. The operator may mount them later.</summary>
    private static void UseMatchboxAssets(IApplicationBuilder app, string directory)
    {
        app.UseStaticFiles(Files(new RootedFiles(directory), AssetsPath));
        app.UseDirectoryBrowser(new DirectoryBrowserOptions
        {
            FileProvider = new RootedFiles(directory, listing: true),
            RequestPath = AssetsPath,
            Formatter = new PlainListing(),
        });
    }

    private static StaticFileOptions Options(string directory, string path)
    {
        Bsroot.MakeDirectory(directory);
        return Files(new RootedFiles(directory), path);
    }

    private static StaticFileOptions Files(IFileProvider files, string path) => new()
    {
        FileProvider = files,
        RequestPath = path,
        ServeUnknownFileTypes = true, // .bin.bz2, .cpio.gz, .sig: bytes, whatever they are called
        DefaultContentType = "application/octet-stream",
    };
}
