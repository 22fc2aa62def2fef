using Bootstrapper.Rendering;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace Bootstrapper.Http;

/// <summary>
/// OS images and whatever else the operator put under <c>www/</c>, the public signing keys and the boot loaders: ranges, ETag, If-Range and HEAD,
/// because a machine with a bad cable resumes.
/// </summary>
internal static class FileEndpoints
{
    public static void UseFiles(this IApplicationBuilder app, Bsroot bsroot)
    {
        app.UseStaticFiles(Options(bsroot.Www, path: ""));
        app.UseStaticFiles(Options(bsroot.SigningKeys, "/signing-keys"));
        app.UseStaticFiles(Options(bsroot.TftpRoot, Urls.LoadersPath));
    }

    private static StaticFileOptions Options(string directory, string path)
    {
        Directory.CreateDirectory(directory);
        return new StaticFileOptions
        {
            FileProvider = new RootedFiles(directory),
            RequestPath = path,
            ServeUnknownFileTypes = true, // .bin.bz2, .cpio.gz, .sig: bytes, whatever they are called
            DefaultContentType = "application/octet-stream",
        };
    }

    /// <summary>
    /// Follows links, since <c>current</c> is one, but never out of the root: what a link in <c>www/</c> points at outside is not there.
    /// </summary>
    private sealed class RootedFiles(string root) : IFileProvider, IDisposable
    {
        private readonly PhysicalFileProvider _files = new(root);
        private readonly string _root = Real(root) + Path.DirectorySeparatorChar;

        /// <summary>The file is opened later, by the path given here: not by a link, which may lead to another release by then.</summary>
        public IFileInfo GetFileInfo(string subpath)
        {
            var file = IsHidden(subpath) ? new NotFoundFileInfo(subpath) : _files.GetFileInfo(subpath);
            return file.Exists && Real(file.PhysicalPath!) is var real && real.StartsWith(_root, StringComparison.Ordinal)
                ? new PhysicalFileInfo(new FileInfo(real))
                : new NotFoundFileInfo(subpath);
        }

        /// <summary>What has a dot before its name, and all in it, is not finished.</summary>
        private static bool IsHidden(string subpath) => subpath.Contains("/.", StringComparison.Ordinal);

        public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

        public Microsoft.Extensions.Primitives.IChangeToken Watch(string filter) => NullChangeToken.Singleton;

        public void Dispose() => _files.Dispose();

        /// <summary>The path with every link on the way followed.</summary>
        private static string Real(string path)
        {
            var real = "/";
            foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var next = Path.Combine(real, name);
                real = new FileInfo(next).LinkTarget is null ? next : Real(new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true)!.FullName);
            }

            return real;
        }
    }
}
