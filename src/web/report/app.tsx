export function App() {
  return <main>봉수</main>
}
