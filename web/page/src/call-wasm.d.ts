declare module "call.wasm?url" {
  const url: string;
  export default url;
}
